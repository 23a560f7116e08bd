// Makes values that throw at any use. Code may name such a value, take it out of a module and pass it on, but not use
// it. Knows nothing about which names are closed.
import type { Closed } from "../code/names.ts"

const { stackTraceLimit } = Error

/** A stage reached for something that its key does not see. world/message.ts makes the message for people. */
export class WorldError extends Error {
  override readonly name = "WorldError"
  readonly kind: Closed
  /** The name as people write it: Date.now, node:fs.readFileSync. */
  readonly what: string
  /** The environment variable, if the stage reached for one. */
  readonly variable: string | undefined

  constructor(kind: Closed, what: string, variable?: string) {
    super(`${what} is closed to a stage`)
    // Node sets the limit to 0 while it formats an error about a value. This error would leave the limit at 0.
    if (Error.stackTraceLimit === 0) Error.stackTraceLimit = stackTraceLimit
    this.kind = kind
    this.what = what
    this.variable = variable
  }
}

/** A value with this name that throws when code calls, reads, writes or looks through it. */
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

/** A copy of an object's members that cannot be changed, with some members replaced. */
export const copyOf = (thing: object, replaced: (name: string, read: () => unknown) => unknown): object => {
  const copy = Object.create(null) as { [name: string | symbol]: unknown }
  for (const name of Reflect.ownKeys(thing)) {
    // Some members of Node are created at their first read.
    const read = (): unknown => Reflect.get(thing, name) as unknown
    copy[name] = typeof name === "symbol" ? read() : replaced(name, read)
  }
  return Object.freeze(copy)
}
