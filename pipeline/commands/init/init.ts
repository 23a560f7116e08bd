// `pipeline init [DIRECTORY]`: makes a new project that runs, from the files in `template/`. The project links to this
// installation, including its packages. This works without a network, and the project sees changes of the engine at
// once. Knows nothing about what the template computes.
import { cpSync, existsSync, readdirSync, realpathSync, symlinkSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { Console, Effect } from "effect"
import { makeDirectory } from "../../../cache/atomic.ts"
import { stateOf } from "../../../cache/system-error.ts"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { inTheWay, made, notMade } from "./message.ts"

const template = fileURLToPath(new URL("./template", import.meta.url))
const installation = fileURLToPath(new URL("../../..", import.meta.url))

// Git would obey a file named `.gitignore` in the template.
const nameOf = (name: string): string => (name === "gitignore" ? ".gitignore" : name)

export const initCommand = Effect.fn("initCommand")(function* (directory: string) {
  const names = [...readdirSync(template).map(nameOf), "engine", "node_modules"]
  const there = names.filter((name) => stateOf(join(directory, name)) !== undefined)
  if (there.length > 0)
    return yield* new SpecError({
      reason: "BadArgument",
      message: inTheWay(there.map((name) => join(directory, name))),
    })
  yield* Effect.try({
    try: () => make(directory),
    catch: (cause) => new SpecError({ reason: "Unwritable", message: notMade(directory, (cause as Error).message) }),
  })
  // If npm ran no scripts, npx would look for another package with our name.
  if (!existsSync(join(installation, "node_modules/.bin/pipeline")))
    yield* Effect.promise(() => import(new URL("../../link.mjs", import.meta.url).href))
  yield* Console.log(made(relative(process.cwd(), resolve(directory))))
  return exitCode.done as ExitCode
})

const make = (directory: string): void => {
  makeDirectory(directory)
  for (const name of readdirSync(template))
    cpSync(join(template, name), join(directory, nameOf(name)), { recursive: true, force: false, errorOnExist: true })
  symlinkSync(relative(realpathSync(directory), installation), join(directory, "engine"), "junction")
  symlinkSync("engine/node_modules", join(directory, "node_modules"), "junction")
}
