// Timers as a stage finds them: those that wait for nothing but for the turn of others. A longer wait could decide who
// is first. What is still to come when the node ends does not come.
import { promisify } from "node:util"
import { WorldError } from "./closed.ts"
import { later } from "./deferred.ts"

type Then = (...given: ReadonlyArray<unknown>) => void

const preventing = new WeakMap<object, () => void>()

/** What stands for a turn to come. It tells nothing of the process, as Node's own does. */
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

// Another one each time: `promisify` writes to what it finds.
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
