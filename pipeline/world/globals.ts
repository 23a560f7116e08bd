// The global names as a stage finds them: a Date without now, a Math without chance, the variables that it declared.
// What is handed in cannot be changed, so that no node finds what another one left. Refuses to know modules and stages.
import { format } from "node:util"
import { closed, copyOf, WorldError } from "./closed.ts"
import { closedGlobals, closedMembers, pure, type Closed } from "../code/names.ts"
import { assembly, digest } from "./replaced.ts"
import { timers } from "./timers.ts"

export interface Given {
  /** Values of the declared variables; undefined where one is not set. */
  readonly environment: { readonly [name: string]: string | undefined }
  /** Takes a line of the node's log. */
  readonly log: (line: string) => void
  /** What stage.ts' `kept` asks. */
  readonly kept: (name: string, key: string, make: () => unknown) => unknown
}

/** What a global name means to a stage; undefined for what is no part of its world. */
export const globalsFor = (given: Given): ((name: string) => unknown) => {
  const made = new Map<string, unknown>()
  const views: { readonly [name: string]: () => unknown } = {
    globalThis: () => globalView(lookUp),
    global: () => lookUp("globalThis"),
    process: () => processView(given),
    console: () => consoleView(given.log),
    pipelineKept: () => given.kept,
  }
  const lookUp = (name: string): unknown => {
    if (pure.has(name)) return (globalThis as unknown as { readonly [name: string]: unknown })[name]
    if (Object.hasOwn(same, name)) return same[name]
    if (made.has(name)) return made.get(name)
    const kind = closedGlobals.get(name)
    const value =
      kind !== undefined
        ? closed(kind, name === "pipelineMeta" ? "import.meta" : name)
        : Object.hasOwn(views, name)
          ? views[name]!()
          : undefined
    made.set(name, value)
    return value
  }
  return lookUp
}

const memberKind = (of: string, name: string): Closed | undefined => closedMembers.get(`${of}.${name}`)

/** What answers to who writes to a thing. */
const unwritable =
  (of: string) =>
  (_: unknown, name?: unknown): never => {
    const named = typeof name === "string" || typeof name === "symbol"
    throw new WorldError("State", named ? `${of}.${String(name)}` : of)
  }

// The whole of the global names, as globalThis.
const globalView = (lookUp: (name: string) => unknown): object => {
  const refuse = unwritable("globalThis")
  return new Proxy(Object.freeze(Object.create(null) as object), {
    get: (_, name) => (typeof name === "string" ? lookUp(name) : undefined),
    has: (_, name) => typeof name === "string" && lookUp(name) !== undefined,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  })
}

const processView = ({ environment }: Given): object => {
  const known: { readonly [name: string]: unknown } = {
    env: environmentView(environment),
    // Both are in the key.
    platform: process.platform,
    arch: process.arch,
    nextTick: process.nextTick.bind(process),
    emitWarning: () => {},
  }
  const refuse = unwritable("process")
  return new Proxy(Object.freeze(Object.create(null) as object), {
    get: (_, name) => {
      if (typeof name === "symbol") return undefined
      return Object.hasOwn(known, name)
        ? known[name]
        : name in process
          ? closed(memberKind("process", name) ?? "Machine", `process.${name}`)
          : undefined
    },
    has: (_, name) => name in process,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  })
}

const environmentView = (declared: Given["environment"]): object => {
  const refuse = unwritable("process.env")
  const read = (name: string): string | undefined => {
    if (Object.hasOwn(declared, name)) return declared[name]
    throw new WorldError("Environment", "process.env", name)
  }
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === "symbol" ? undefined : read(name)),
      has: (_, name) => typeof name === "string" && read(name) !== undefined,
      // Who looks through all finds what is declared.
      ownKeys: () => Object.keys(declared).filter((name) => declared[name] !== undefined),
      getOwnPropertyDescriptor: (_, name) => {
        const value = typeof name === "symbol" ? undefined : read(name)
        return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false }
      },
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
    },
  )
}

const consoleView = (log: Given["log"]): object =>
  copyOf(console, (name, read) => {
    const kind = memberKind("console", name)
    if (kind !== undefined) return closed(kind, `console.${name}`)
    return typeof read() === "function" ? (...words: ReadonlyArray<unknown>) => log(format(...words)) : undefined
  })

const replacedIn =
  (of: string) =>
  (name: string, read: () => unknown): unknown => {
    const kind = memberKind(of, name)
    return kind === undefined ? read() : closed(kind, `${of}.${name}`)
  }

const askTime = (): never => {
  throw new WorldError("Time", "new Date()")
}

const now = closed("Time", "Date.now")
// A date of something is one like any other; only that of now is not.
const dateView = (): unknown =>
  new Proxy<DateConstructor>(Date, {
    apply: askTime,
    construct: (date, given, self) =>
      given.length === 0 ? askTime() : (Reflect.construct(date, given, self) as object),
    get: (date, name) => (name === "now" ? now : (Reflect.get(date, name) as unknown)),
    getOwnPropertyDescriptor: (date, name) => {
      const described = Reflect.getOwnPropertyDescriptor(date, name)
      return name === "now" ? { ...described, value: now } : described
    },
    set: unwritable("Date"),
    defineProperty: unwritable("Date"),
    deleteProperty: unwritable("Date"),
    setPrototypeOf: unwritable("Date"),
    preventExtensions: unwritable("Date"),
  })

const subtle = new Proxy(Object.freeze({}), {
  get: (_, name) => (name === "digest" ? digest : closed("Chance", `crypto.subtle.${String(name)}`)),
  set: unwritable("crypto.subtle"),
  defineProperty: unwritable("crypto.subtle"),
  setPrototypeOf: unwritable("crypto.subtle"),
})

// These hold nothing that a node could change, and are the same to all. Made before any package is loaded, which may
// add
// to what they are made of.
const same: { readonly [name: string]: unknown } = {
  ...timers,
  Math: copyOf(Math, replacedIn("Math")),
  Date: dateView(),
  Intl: copyOf(Intl, (_, read) => read()),
  WebAssembly: copyOf(
    Reflect.get(globalThis, "WebAssembly") as object,
    (name, read) => assembly[name] ?? replacedIn("WebAssembly")(name, read),
  ),
  crypto: Object.freeze({
    subtle,
    randomUUID: closed("Chance", "crypto.randomUUID"),
    getRandomValues: closed("Chance", "crypto.getRandomValues"),
  }),
}
