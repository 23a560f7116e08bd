// Whose is what happens later? An error that nobody waits for is that of the node in whose work it began: a timer of a
// package, a promise that was let go. A node that has ended already is not made to fail by it, and nor is the one that
// runs now; and what a stage put off until later is not done any more.
import { AsyncLocalStorage } from "node:async_hooks"

const current = new AsyncLocalStorage<Work>()
const going = new Set<Work>()
let late = false

/** The work of one node. */
export class Work {
  readonly #turns = new Set<NodeJS.Immediate>()
  #listen: ((error: unknown) => void) | undefined
  #early: { readonly error: unknown } | undefined

  constructor() {
    if (!listening) {
      listening = true
      process.on("uncaughtException", onError)
      process.on("unhandledRejection", onError)
    }
    going.add(this)
  }

  get isOver(): boolean {
    return !going.has(this)
  }

  /** Does a part of the work. */
  run<A>(begin: () => A): A {
    return current.run(this, begin)
  }

  /** Says who hears of errors that began in the work and that nobody waits for. */
  listen(listener: (error: unknown) => void): void {
    this.#listen = listener
    if (this.#early !== undefined) listener(this.#early.error)
  }

  fail(error: unknown): void {
    if (this.isOver) late = true
    else if (this.#listen === undefined) this.#early ??= { error }
    else this.#listen(error)
  }

  /** Does something when others have had their turn, unless the work is over by then. Says how to prevent it. */
  later(then: () => void): () => void {
    if (this.isOver) return () => {}
    const turn = setImmediate(() => {
      this.#turns.delete(turn)
      then()
    })
    this.#turns.add(turn)
    return () => {
      this.#turns.delete(turn)
      clearImmediate(turn)
    }
  }

  end(): void {
    going.delete(this)
    for (const turn of this.#turns) clearImmediate(turn)
    this.#turns.clear()
  }
}

const onError = (error: unknown): void => {
  const whose = current.getStore() ?? (going.size === 1 ? [...going][0] : undefined)
  if (whose !== undefined) return whose.fail(error)
  // Nobody's: the process is not what it should be.
  console.error(error)
  process.exit(1)
}
let listening = false

/** Whether what runs now is of a node that has not ended. */
export const isAtWork = (): boolean => current.getStore()?.isOver === false

/** Does something in another turn, in the name of the node that asks. Says how to prevent it. */
export const later = (then: () => void): (() => void) => {
  const work = current.getStore()
  if (work !== undefined) return work.later(then)
  const turn = setImmediate(then)
  return () => clearImmediate(turn)
}

/** Whether something of a node that has ended failed since this was asked last. */
export const failedLate = (): boolean => {
  const was = late
  late = false
  return was
}
