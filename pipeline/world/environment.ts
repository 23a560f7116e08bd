// The variables of this process, for all code in it, and a count of the writes to them.
import { syncBuiltinESMExports } from "node:module"

const real = process.env
let writes = 0

const written = <A>(value: A): A => {
  writes++
  return value
}

/** Counts from now on who writes a variable of this process. Done once, before packages are loaded. */
export const watchEnvironment = (): void => {
  process.env = new Proxy(real, {
    set: (_, name, value) => written(Reflect.set(real, name, value)),
    defineProperty: (_, name, described) => written(Reflect.defineProperty(real, name, described)),
    deleteProperty: (_, name) => written(Reflect.deleteProperty(real, name)),
  })
  // For `import { env } from "node:process"`, too.
  syncBuiltinESMExports()
}

/** Another number after each write. */
export const environmentVersion = (): number => writes

/** All variables in one text. */
export const environment = (): string => JSON.stringify(real)

/** Puts all variables back to what a text says. */
export const restoreEnvironment = (text: string): void => {
  const before = JSON.parse(text) as { readonly [name: string]: string }
  for (const name of Object.keys(real)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
}
