// Gives timers as a stage sees them: they wait only until other work has had its turn. A longer wait could decide which
// work comes first. A timer that is still waiting when the node ends does not fire. Knows nothing about nodes.
import { promisify } from "node:util"
import { WorldError } from "./closed.ts"
import { later } from "./deferred.ts"

type Then = (...given: ReadonlyArray<unknown>) => void

const preventing = new WeakMap<object, () => void>()

/** The handle of a waiting timer. Node's own handle tells something about the process; this handle tells nothing. */
const turn = (then: Then, given: ReadonlyArray<unknown>): object => {
  if (typeof then !== "function") throw new TypeError("what is to be done later is no function")
  const made: object = Object.freeze({ ref: () => made, unref: () => made, hasRef: () => true })
  preventing.set(
    made,
    later(() => then(...given)),
  )
  return made
}

const atOnce = (milliseconds: unknown, what: string): void => {
  if (Number(milliseconds)) throw new WorldError("Time", what)
}

const setImmediate = (then: Then, ...given: ReadonlyArray<unknown>): object => turn(then, given)
const setTimeout = (then: Then, milliseconds?: number, ...given: ReadonlyArray<unknown>): object => {
  atOnce(milliseconds, "setTimeout")
  return turn(then, given)
}
const prevent = (made: unknown): void => {
  if (typeof made === "object" && made !== null) preventing.get(made)?.()
}
const clearImmediate = (made?: unknown): void => prevent(made)
const clearTimeout = (made?: unknown): void => prevent(made)

const turnOf = async <A>(value: A): Promise<A> => new Promise((resolve) => turn(() => resolve(value), []))

const promised = {
  setImmediate: <A>(value: A) => turnOf(value),
  setTimeout: async <A>(milliseconds: number, value: A) => {
    atOnce(milliseconds, "setTimeout")
    return turnOf(value)
  },
  scheduler: Object.freeze({
    yield: () => turnOf(undefined),
    wait: async (milliseconds: number) => {
      atOnce(milliseconds, "scheduler.wait")
      return turnOf(undefined)
    },
  }),
}

// Each read gives a new function, because `promisify` writes to the function that it finds.
Object.defineProperty(setImmediate, promisify.custom, {
  get:
    () =>
    <A>(value: A) =>
      promised.setImmediate(value),
})
Object.defineProperty(setTimeout, promisify.custom, {
  get:
    () =>
    <A>(milliseconds: number, value: A) =>
      promised.setTimeout(milliseconds, value),
})
for (const each of [setImmediate, setTimeout, clearImmediate, clearTimeout, promised.setImmediate, promised.setTimeout])
  Object.freeze(each)

export const timers = Object.freeze({ setImmediate, setTimeout, clearImmediate, clearTimeout })
export const timersPromises = Object.freeze(promised)
