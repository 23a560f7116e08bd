// The variables of this process, as code in it finds them: its own, or those that every worker has while a node runs in
// a process with others. Counts the writes to them.
import { syncBuiltinESMExports } from "node:module"

type Variables = NodeJS.ProcessEnv

/** What every worker has. What is not there cannot vary a result; dates and sorting are the same everywhere. */
export const ofWorkers = {
  TZ: "UTC",
  LC_ALL: "C",
  // ONNX Runtime would tell its makers of the machine, and leave files in /tmp.
  ORT_DISABLE_TELEMETRY: "1",
} as const

const real = process.env
let shown: Variables = real
let writes = 0
/** What was last taken as it was. */
let taken = { text: "", writes: 0 }

const written = <A>(value: A): A => {
  writes++
  return value
}

/** Counts from now on who writes a variable of this process. Done once, before packages are loaded. */
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
  // For `import { env } from "node:process"`, too.
  syncBuiltinESMExports()
}

/** Shows a worker's variables and arguments to all code of this process; gives what ends that. */
export const asInWorker = (): (() => void) => {
  const { argv, execArgv } = process
  // The time zone is that of the process, whatever is shown. To change it takes longer than a small stage: it stays.
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

/** The variables with which this process was started, whatever nodes in it are shown. */
export const ownVariables = (): Variables => {
  const all = { ...process.env }
  return zone === undefined || all["TZ"] !== ofWorkers.TZ ? all : { ...all, TZ: zone.before }
}
let zone: { readonly before: string | undefined } | undefined

/** The command line of every worker, as packages read it. */
export const argvOfWorkers = ["node", "stage"] as const

/** Takes the variables as they are now. */
export const takeEnvironment = (): void => {
  taken = { text: JSON.stringify(shown), writes }
}

/** Whether a variable was changed. To read all of them takes longer than a small stage: only where one was written. */
export const isOtherEnvironment = (): boolean => {
  if (writes === taken.writes) return false
  if (JSON.stringify(shown) !== taken.text) return true
  taken = { ...taken, writes }
  return false
}

/** Puts all variables back to what was taken. */
export const restoreEnvironment = (): void => {
  if (!isOtherEnvironment()) return
  const before = JSON.parse(taken.text) as { readonly [name: string]: string }
  for (const name of Object.keys(shown)) if (!(name in before)) delete shown[name]
  Object.assign(shown, before)
}
