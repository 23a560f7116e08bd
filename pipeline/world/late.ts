// Whose is an error that nobody waits for? That of the node in whose work it began: a timer of a package, a promise
// that was let go. A node that has ended already is not made to fail by it, and nor is the one that runs now.
import { AsyncLocalStorage } from "node:async_hooks"

const work = new AsyncLocalStorage<object>()
const listeners = new Map<object, (error: unknown) => void>()
let late = false

const onError = (error: unknown): void => {
  const whose = work.getStore()
  const listener =
    whose === undefined ? (listeners.size === 1 ? [...listeners.values()][0] : undefined) : listeners.get(whose)
  if (listener !== undefined) return listener(error)
  if (whose !== undefined) {
    late = true
    return
  }
  // Nobody's: the process is not what it should be.
  console.error(error)
  process.exit(1)
}
let listening = false

/** Does some work; `onLate` hears of errors that began in it and that nobody waits for. Says how to end listening. */
export const working = <A>(
  begin: () => A,
  onLate: (error: unknown) => void,
): { readonly value: A; readonly end: () => void } => {
  if (!listening) {
    listening = true
    process.on("uncaughtException", onError)
    process.on("unhandledRejection", onError)
  }
  const token = {}
  listeners.set(token, onLate)
  return {
    value: work.run(token, begin),
    end: () => {
      listeners.delete(token)
    },
  }
}

/** Whether something of a node that has ended failed since this was asked last. */
export const failedLate = (): boolean => {
  const was = late
  late = false
  return was
}
