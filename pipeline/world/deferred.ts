// Decides to which node a later event belongs. An error that no code waits for belongs to the node in whose work it
// began: a timer of a package, an unhandled promise. If that node has already ended, neither that node nor the node
// that runs now fails. Work that a stage put off is dropped when the node ends. Knows nothing about jobs.
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

  /** Runs a part of the work. */
  run<A>(begin: () => A): A {
    return current.run(this, begin)
  }

  /** Sets the listener for errors that began in the work and that no code waits for. */
  listen(listener: (error: unknown) => void): void {
    this.#listen = listener
    if (this.#early !== undefined) listener(this.#early.error)
  }

  fail(error: unknown): void {
    if (this.isOver) late = true
    else if (this.#listen === undefined) this.#early ??= { error }
    else this.#listen(error)
  }

  /**
   * Runs a function after other work has had its turn, unless this work is over by then. Returns a function that
   * cancels it.
   */
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
  // The error belongs to no work, so the process is in an unknown state.
  console.error(error)
  process.exit(1)
}
let listening = false

/** Whether the code that runs now belongs to a node that has not ended. */
export const isAtWork = (): boolean => current.getStore()?.isOver === false

/** Runs a function in another turn, as work of the current node. Returns a function that cancels it. */
export const later = (then: () => void): (() => void) => {
  const work = current.getStore()
  if (work !== undefined) return work.later(then)
  const turn = setImmediate(then)
  return () => clearImmediate(turn)
}

/** Whether something failed, since the last call, that belongs to a node that has ended. */
export const failedLate = (): boolean => {
  const was = late
  late = false
  return was
}
