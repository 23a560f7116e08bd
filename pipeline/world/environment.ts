// The environment variables of this process, as its code sees them: the variables of the process, or the variables of
// every worker while a node runs in a process that does other things too. Counts the writes to the variables. Knows
// nothing about stages.
import { syncBuiltinESMExports } from "node:module"

type Variables = NodeJS.ProcessEnv

/**
 * The variables of every worker. A variable that is not set cannot vary a result. Dates and sorting are the same
 * everywhere.
 */
export const ofWorkers = {
  TZ: "UTC",
  LC_ALL: "C",
  // Otherwise ONNX Runtime would send data about the machine to its makers, and leave files in /tmp.
  ORT_DISABLE_TELEMETRY: "1",
} as const

const real = process.env
let shown: Variables = real
let writes = 0
/** The state that was accepted last. */
let taken = { text: "", writes: 0 }

const written = <A>(value: A): A => {
  writes++
  return value
}

/** Counts every write to a variable of this process, from now on. Called once, before packages are loaded. */
export const watchEnvironment = (): void => {
  process.env = new Proxy(real, {
    get: (_, name) => Reflect.get(shown, name) as unknown,
    has: (_, name) => Reflect.has(shown, name),
    ownKeys: () => Reflect.ownKeys(shown),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(shown, name),
    set: (_, name, value) => written(Reflect.set(shown, name, String(value))),
    defineProperty: (_, name, described) => written(Reflect.defineProperty(shown, name, described)),
    deleteProperty: (_, name) => written(Reflect.deleteProperty(shown, name)),
  })
  // Also for `import { env } from "node:process"`.
  syncBuiltinESMExports()
}

/** Shows a worker's variables and arguments to all code of this process. Returns a function that ends this. */
export const asInWorker = (): (() => void) => {
  const { argv, execArgv } = process
  // The time zone belongs to the process, whatever variables are shown. Changing the time zone takes longer than a
  // small stage, so it is not changed back.
  if (real["TZ"] !== ofWorkers.TZ) {
    zone = { before: real["TZ"] }
    real["TZ"] = ofWorkers.TZ
  }
  shown = { ...ofWorkers }
  Object.assign(process, { argv: [...argvOfWorkers], execArgv: [] })
  takeEnvironment()
  return () => {
    shown = real
    Object.assign(process, { argv, execArgv })
  }
}

/** The variables with which this process was started, whatever variables its nodes see. */
export const ownVariables = (): Variables => {
  const all = { ...process.env }
  return zone === undefined || all["TZ"] !== ofWorkers.TZ ? all : { ...all, TZ: zone.before }
}
let zone: { readonly before: string | undefined } | undefined

/** The command line of every worker, as packages read it. */
export const argvOfWorkers = ["node", "stage"] as const

/** Accepts the variables as they are now. */
export const takeEnvironment = (): void => {
  taken = { text: JSON.stringify(shown), writes }
}

/**
 * Whether a variable changed. Reading all variables takes longer than a small stage, so they are read only after a
 * write.
 */
export const isOtherEnvironment = (): boolean => {
  if (writes === taken.writes) return false
  if (JSON.stringify(shown) !== taken.text) return true
  taken = { ...taken, writes }
  return false
}

/** Puts all variables back to the state that was accepted last. */
export const restoreEnvironment = (): void => {
  if (!isOtherEnvironment()) return
  const before = JSON.parse(taken.text) as { readonly [name: string]: string }
  for (const name of Object.keys(shown)) if (!(name in before)) delete shown[name]
  Object.assign(shown, before)
}
