// Gives the global names as a stage sees them: a Date without now, a Math without random, and the variables that the
// stage declared. A stage cannot change these values, so no node finds the changes of another node. Knows nothing about
// modules and stages.
import { format } from "node:util"
import { closed, copyOf, WorldError } from "./closed.ts"
import { closedGlobals, closedMembers, pure, type Closed } from "../code/names.ts"
import { assembly, digest } from "./replaced.ts"
import { timers } from "./timers.ts"

export interface Given {
  /** The values of the declared variables; undefined if a variable is not set. */
  readonly environment: { readonly [name: string]: string | undefined }
  /** Adds a line to the node's log. */
  readonly log: (line: string) => void
  /** The function that `kept` in stage.ts calls. */
  readonly kept: (name: string, key: string, make: () => unknown) => unknown
}

/** The value of a global name for a stage; undefined if the name is not part of the stage's world. */
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

/** A handler for writes to an object, which throws. */
const unwritable =
  (of: string) =>
  (_: unknown, name?: unknown): never => {
    const named = typeof name === "string" || typeof name === "symbol"
    throw new WorldError("State", named ? `${of}.${String(name)}` : of)
  }

// All global names together, as globalThis.
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
    // `platform` and `arch` are in the key.
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
      // A list of all variables has only the declared variables that are set.
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
// A date with arguments is an ordinary date. Only the current date is closed.
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

// These values hold nothing that a node could change, and are the same for all nodes. They are made before any package
// is loaded, because a package may add to the objects that are copied here.
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
