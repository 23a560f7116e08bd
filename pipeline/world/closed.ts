// What throws as soon as anything is done with it: it may be named, taken out of a module and handed on, but not used.
import type { Closed } from "../code/names.ts"

const { stackTraceLimit } = Error

/** A stage reached for what its key does not see. The sentence is message/world.ts's to make. */
export class WorldError extends Error {
  override readonly name = "WorldError"
  readonly kind: Closed
  /** As people write it: Date.now, node:fs.readFileSync. */
  readonly what: string
  /** The environment variable, where it is one. */
  readonly variable: string | undefined

  constructor(kind: Closed, what: string, variable?: string) {
    super(`${what} is closed to a stage`)
    // Node sets it to 0 while it words an error about a thing, and would leave it there.
    if (Error.stackTraceLimit === 0) Error.stackTraceLimit = stackTraceLimit
    this.kind = kind
    this.what = what
    this.variable = variable
  }
}

/** A thing of this name that throws when it is called, read, written or looked through. */
export const closed = (kind: Closed, what: string): unknown => {
  const refuse = (): never => {
    throw new WorldError(kind, what)
  }
  return new Proxy(nothing, {
    apply: refuse,
    construct: refuse,
    get: refuse,
    set: refuse,
    has: refuse,
    deleteProperty: refuse,
    defineProperty: refuse,
    getOwnPropertyDescriptor: refuse,
    ownKeys: refuse,
    getPrototypeOf: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
    isExtensible: refuse,
  })
}
function nothing(): void {}

/** A copy of a thing's members that cannot be changed, with some of them replaced. */
export const copyOf = (thing: object, replaced: (name: string, read: () => unknown) => unknown): object => {
  const copy = Object.create(null) as { [name: string | symbol]: unknown }
  for (const name of Reflect.ownKeys(thing)) {
    // Some members of Node begin to be when they are read.
    const read = (): unknown => Reflect.get(thing, name) as unknown
    copy[name] = typeof name === "symbol" ? read() : replaced(name, read)
  }
  return Object.freeze(copy)
}
