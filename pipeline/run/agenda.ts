// Which nodes are still to be settled, and which of them can be now, their inputs being there? A node that was settled
// may be put on it once more. Pure; what is done with a node, and why it comes back, is run.ts's.
import type { Node } from "../node.ts"
import { inputsOf } from "../plan/plan.ts"
import type { Settled, Settlements } from "./settled.ts"

export class Agenda {
  readonly #settled: Settlements
  readonly #ready: Array<Node> = []
  #next = 0
  /** For how many nodes each waits, and who waits for a node. */
  readonly #waiting = new Map<Node, number>()
  readonly #waiters = new Map<Node, Array<Node>>()
  readonly #before = new Map<Node, Settled>()
  #turned = false

  constructor(settled: Settlements) {
    this.#settled = settled
  }

  /** Puts a node on the agenda, where it was settled, or might have been, once more: from here on it is not. */
  open(node: Node, how: Settled | undefined = this.#settled.get(node)): void {
    if (how !== undefined) {
      this.#turned = true
      this.#before.set(node, how)
      this.#settled.delete(node)
    }
    const needs = new Set(inputsOf(node).flatMap((output) => (this.#settled.has(output.node) ? [] : [output.node])))
    if (needs.size === 0) this.#ready.push(node)
    else this.#waiting.set(node, needs.size)
    for (const need of needs) {
      const others = this.#waiters.get(need)
      if (others === undefined) this.#waiters.set(need, [node])
      else others.push(node)
    }
  }

  /** A node whose inputs are all settled, the first that came to be so; none while all others wait. */
  next(): Node | undefined {
    for (let node = this.#ready[this.#next]; node !== undefined; node = this.#ready[this.#next]) {
      this.#next++
      if (inputsOf(node).every((output) => this.#settled.has(output.node))) return node
      this.open(node) // an input was opened again since
    }
    return undefined
  }

  /** As what a node was settled that was opened again since. */
  before(node: Node): Settled | undefined {
    return this.#before.get(node)
  }

  /** Whether any node was opened again. */
  get turned(): boolean {
    return this.#turned
  }

  settle(node: Node, how: Settled): void {
    this.#settled.set(node, how)
    for (const waiter of this.#waiters.get(node) ?? []) {
      const left = this.#waiting.get(waiter)! - 1
      this.#waiting.set(waiter, left)
      if (left === 0) this.#ready.push(waiter)
    }
    this.#waiters.delete(node)
    this.#before.delete(node)
  }
}
