// Guards the ways from the values of a stage to closed functions. Every function leads to the constructor that makes
// functions from text, every date to the constructor that tells the time, and every event to its time stamp. A stage
// that takes such a way is refused; packages may take it. Done once in a process, before anything else is loaded. Knows
// nothing about nodes.
import { EventEmitterAsyncResource } from "node:events"
import { inspect } from "node:util"
import { WorldError } from "./closed.ts"
import { isAtWork } from "./deferred.ts"
import type { Closed } from "../code/names.ts"
import { caller } from "./stack.ts"

/** For each guarded function: the function that it guards. */
const targets = new WeakMap<object, object>()
/** The original of a guarded object; any other object is returned as it is. */
export const behind = (of: object): object => targets.get(of) ?? of

type Given = ReadonlyArray<unknown>
type Called = (...given: Given) => unknown
type Maker = Called & (new (...given: Given) => object)

const check = (kind: Closed, what: string): void => {
  const by = caller()
  // The caller is "Nobody" if the stage passed the function on and it is called later.
  if (by === "Stage" || (by === "Nobody" && isAtWork())) throw new WorldError(kind, what)
}

/** A function that first checks who calls it. */
const guarded = <A extends Called>(of: A, kind: Closed, what: string, handler: ProxyHandler<A> = {}): A => {
  const made = new Proxy(of, {
    apply: (target, self, given) => {
      check(kind, what)
      return Reflect.apply(target, self, given)
    },
    ...handler,
  })
  targets.set(made, of)
  return made
}

const functions: ReadonlyArray<object> = [() => {}, async () => {}, function* () {}, async function* () {}]

let hasGuarded = false

/** Guards the ways from the values of a stage to functions that are closed to it. A second call does nothing. */
export const guard = (): void => {
  // A guard before a guard would hide the original from the watch over shared state.
  if (hasGuarded) return
  hasGuarded = true
  for (const each of functions) {
    const prototype = Object.getPrototypeOf(each) as { readonly constructor: Maker }
    put(
      prototype,
      "constructor",
      guarded(prototype.constructor, "Text", "Function", {
        construct: (target, given, self) => {
          check("Text", "Function")
          return Reflect.construct(target, given, self) as object
        },
      }),
    )
  }
  // Packages compare the constructor of a value with this function.
  globalThis.Function = Function.prototype.constructor as FunctionConstructor
  put(
    Date.prototype,
    "constructor",
    guarded(Date as unknown as Maker, "Time", "Date()", {
      construct: (target, given, self) => {
        if (given.length === 0) check("Time", "new Date()")
        return Reflect.construct(target, given, self) as object
      },
      get: (target, name) => {
        if (name === "now") check("Time", "Date.now")
        return Reflect.get(target, name) as unknown
      },
      getOwnPropertyDescriptor: (target, name) => {
        if (name === "now") check("Time", "Date.now")
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
    }),
  )
  guardMembers()
  // These members hold the last match of any code in the process.
  for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(RegExp)))
    if (get !== undefined)
      Object.defineProperty(RegExp, name, { get: guarded(get as Called, "Machine", `RegExp.${name}`) })
  guardFormats()
  clearBuffers()
}

// Resolving a relative path tells in which directory the run was started. This applies to path, url, and Effect's Path.
const members: ReadonlyArray<readonly [of: object, name: string | symbol, Closed, what: string]> = [
  [process, "cwd", "Machine", "a relative path (process.cwd)"],
  [AbortSignal, "timeout", "Time", "AbortSignal.timeout"],
  [Event.prototype, "timeStamp", "Time", "Event.timeStamp"],
  [Event.prototype, inspect.custom, "Time", "Event.timeStamp"],
  [URL, "createObjectURL", "Chance", "URL.createObjectURL"],
  [Atomics, "waitAsync", "Time", "Atomics.waitAsync"],
  [EventEmitterAsyncResource.prototype, "asyncId", "Machine", "asyncId"],
  [EventEmitterAsyncResource.prototype, "triggerAsyncId", "Machine", "triggerAsyncId"],
]

/**
 * Guards the members that are not guarded: all of them at first, and later those that other code of the process has
 * replaced.
 */
export const guardMembers = (): void => {
  for (const [of, name, kind, what] of members) {
    const { value, get } = Object.getOwnPropertyDescriptor(of, name) ?? {}
    if (targets.has((get ?? value) as object)) continue
    if (get !== undefined) Object.defineProperty(of, name, { get: guarded(get as Called, kind, what) })
    else put(of, name, guarded(value as Called, kind, what))
  }
}

// Formatting without a date formats the current time.
const guardFormats = (): void => {
  const { prototype } = Intl.DateTimeFormat
  const dated = (format: Called): Called =>
    guarded(format, "Time", "Intl.DateTimeFormat", {
      apply: (target, self, given) => {
        if (given[0] === undefined) check("Time", "Intl.DateTimeFormat")
        return Reflect.apply(target, self, given)
      },
    })
  put(prototype, "formatToParts", dated(prototype.formatToParts as Called))
  const { get } = Object.getOwnPropertyDescriptor(prototype, "format")!
  Object.defineProperty(prototype, "format", {
    get(this: Intl.DateTimeFormat) {
      return dated(get!.call(this) as Called)
    },
  })
}

// Memory that was used before shows what ran before. So does the position in the memory pool that all buffers share.
const clearBuffers = (): void => {
  const { alloc } = Buffer
  Buffer.poolSize = 0
  put(Buffer, "allocUnsafe", (size: number) => alloc(size))
  put(Buffer, "allocUnsafeSlow", (size: number) => alloc(size))
}

const put = (of: object, name: string | symbol, value: unknown): void => {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(of, name) ?? {}
  Object.defineProperty(of, name, { value, enumerable, writable: true, configurable: true })
}
