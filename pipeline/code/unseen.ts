// Which of the things that code uses does no key see? A rule for each: what the fingerprint cannot follow, and
// what of the world is no input. Refuses to know files and stages.
import { usesIn, type Use } from "./uses.ts"

type Kind = "Import" | "Require" | "Process" | "File" | "Beside" | "Environment" | "Time" | "Chance" | "Text" | "Network" | "Machine" | "State"

export interface Sighting {
  readonly kind: Kind
  /** What the code names, as people would write it: Date.now, node:fs.readFileSync. */
  readonly what: string
  /** The environment variable, where one is named. */
  readonly variable?: string
  readonly start: number
}

// A name covers what is below it.
const rules: { readonly [K in Kind]?: ReadonlyArray<string> } = {
  Require: ["require", "node:module.createRequire"],
  Process: ["Worker", "SharedWorker", "node:child_process", "node:worker_threads", "node:cluster"],
  File: ["node:fs", "node:sqlite", "process.stdin"],
  Beside: ["import.meta"],
  Environment: ["process.env", "process.loadEnvFile"],
  Time: ["Date.now", "performance", "node:perf_hooks", "process.hrtime", "process.uptime", "process.cpuUsage", "effect.Clock", ...["now", "nowAsDate", "nowUnsafe", "nowInCurrentZone"].map((name) => `effect.DateTime.${name}`)],
  Chance: [
    "Math.random",
    "effect.Random",
    ...["crypto", "node:crypto", "node:crypto.webcrypto"].flatMap((module) => ["randomUUID", "getRandomValues"].map((name) => `${module}.${name}`)),
    ...["randomBytes", "randomInt", "randomFill", "randomFillSync", "pseudoRandomBytes", "generateKey", "generateKeySync", "generateKeyPair", "generateKeyPairSync", "generatePrime", "generatePrimeSync"].map((name) => `node:crypto.${name}`),
  ],
  Text: ["eval", "node:vm", "process.dlopen", "process.getBuiltinModule"],
  Network: ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", ...["http", "https", "http2", "net", "tls", "dgram", "dns"].map((name) => `node:${name}`)],
  Machine: ["node:os", "navigator", ...["argv", "argv0", "execArgv", "execPath", "cwd", "pid", "ppid", "title", "memoryUsage", "resourceUsage", "availableMemory", "version", "versions"].map((name) => `process.${name}`)],
}
const kinds = new Map(Object.entries(rules).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind] as const)))

/** What no key sees of what a module in JavaScript does, in the order of the text. */
export const unseenIn = (code: string): ReadonlyArray<Sighting> => usesIn(code).flatMap((use) => sightingOf(use) ?? [])

// Code that is run or read unseen, and results that are others every time. Files and variables a worker is kept
// from, and says so; the rest is lint's to tell.
const refused: ReadonlySet<string> = new Set<Kind>(["Import", "Require", "Process", "Beside", "Text", "Time", "Chance"])

/** Whether a stage that does it gets no fingerprint: its results could be stale, or be no results at all. */
export const isRefused = (kind: string): boolean => refused.has(kind)

const sightingOf = (use: Use): Sighting | undefined => {
  const { start } = use
  if (use._tag === "ComputedImport") return { kind: "Import", what: "import()", start }
  if (use._tag === "Assigned") return { kind: "State", what: "an assignment", start }
  const what = use.path.join(".")
  const asked = whenCalled(what, use)
  if (asked !== undefined) return { what, start, ...asked }
  const kind = use.path.map((_, i) => kinds.get(use.path.slice(0, i + 1).join("."))).find((each) => each !== undefined)
  if (kind === undefined) return undefined
  const variable = what.startsWith("process.env.") ? use.path[2] : undefined
  return { kind, what: kind === "Environment" ? "process.env" : what, ...(variable === undefined ? {} : { variable }), start }
}

// Fine to name, and not to call like this.
const whenCalled = (what: string, { how, texts, path }: Extract<Use, { _tag: "Named" }>): Pick<Sighting, "kind" | "variable"> | undefined => {
  if (how === "read") return undefined
  if (what === "Date" && (how === "call" || texts.length === 0)) return { kind: "Time" }
  if (what === "Function") return { kind: "Text" }
  if (path[0] !== "effect" || path[1] !== "Config") return undefined
  const variable = nameInConfig(path[2] ?? "", texts)
  return variable === undefined ? undefined : { kind: "Environment", variable }
}

// Config.String("NAME") and its like are written with a capital; some of them take what they decode to first.
const nameInConfig = (made: string, texts: ReadonlyArray<string | undefined>): string | undefined => {
  if (["schema", "Array", "Record", "Literal", "Literals"].includes(made)) return texts[1]
  return /^[A-Z]/.test(made) ? texts[0] : undefined
}
