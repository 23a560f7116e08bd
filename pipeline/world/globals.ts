// The global names as a stage finds them: a Date without now, a Math without chance, the variables that it declared.
// What is handed in cannot be changed, so that no node finds what another one left. Refuses to know modules and stages.
import { format } from "node:util"
import { closed, copyOf, WorldError } from "./closed.ts"
import { closedGlobals, closedMembers, pure, type Closed } from "./names.ts"

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
    ...shared,
  }
  const lookUp = (name: string): unknown => {
    if (pure.has(name)) return (globalThis as unknown as { readonly [name: string]: unknown })[name]
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
  (_: unknown, name: string | symbol): never => {
    throw new WorldError("State", `${of}.${String(name)}`)
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
  copyOf(console, (name, value) => {
    const kind = memberKind("console", name)
    if (kind !== undefined) return closed(kind, `console.${name}`)
    return typeof value === "function" ? (...words: ReadonlyArray<unknown>) => log(format(...words)) : undefined
  })

const replacedIn =
  (of: string) =>
  (name: string, value: unknown): unknown => {
    const kind = memberKind(of, name)
    return kind === undefined ? value : closed(kind, `${of}.${name}`)
  }

const askTime = (): never => {
  throw new WorldError("Time", "new Date()")
}

// A date of something is one like any other; only that of now is not.
const dateView = (): unknown =>
  new Proxy<DateConstructor>(Date, {
    apply: askTime,
    construct: (date, given, self) =>
      given.length === 0 ? askTime() : (Reflect.construct(date, given, self) as object),
    get: (date, name) => (name === "now" ? closed("Time", "Date.now") : (Reflect.get(date, name) as unknown)),
    set: unwritable("Date"),
    defineProperty: unwritable("Date"),
  })

// At once is no time: so others have their turn. A longer wait could decide who is first.
const soon = (then: () => void, milliseconds?: number): NodeJS.Immediate => {
  if (milliseconds) throw new WorldError("Time", "setTimeout")
  return setImmediate(then)
}

// To format without saying what is to format now.
const given = <A>(date: A | undefined): A => {
  if (date === undefined) throw new WorldError("Time", "Intl.DateTimeFormat")
  return date
}
class Format extends Intl.DateTimeFormat {
  override format(date?: Date | number): string {
    return super.format(given(date))
  }
  override formatToParts(date?: Date | number): Array<Intl.DateTimeFormatPart> {
    return super.formatToParts(given(date))
  }
}
// `format` of Intl is bound to what it was taken from.
Object.defineProperty(Format.prototype, "format", {
  get(this: Intl.DateTimeFormat) {
    const format = Reflect.get(Intl.DateTimeFormat.prototype, "format", this) as Intl.DateTimeFormat["format"]
    return (date?: Date | number) => format(given(date))
  },
})

const intlView = (): object =>
  copyOf(Intl, (name, value) =>
    name === "DateTimeFormat" ? new Proxy(Format, { apply: (made, _, words) => new made(...(words as [])) }) : value,
  )

const cryptoView = (): object => {
  const digest = crypto.subtle.digest.bind(crypto.subtle)
  const subtle = new Proxy(
    {},
    { get: (_, name) => (name === "digest" ? digest : closed("Chance", `crypto.subtle.${String(name)}`)) },
  )
  return Object.freeze({
    subtle,
    randomUUID: closed("Chance", "crypto.randomUUID"),
    getRandomValues: closed("Chance", "crypto.getRandomValues"),
  })
}

// These hold nothing that a node could change, and are the same to all.
const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}
const shared = {
  setTimeout: () => soon,
  clearTimeout: () => clearImmediate,
  Math: once(() => copyOf(Math, replacedIn("Math"))),
  Date: once(dateView),
  Intl: once(intlView),
  crypto: once(cryptoView),
}
