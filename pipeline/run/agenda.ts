// Which nodes are not settled yet, and which of these nodes have all their inputs? A settled node may be put on the
// agenda again. Pure. Knows nothing about how a node is done, or why a node is put back: `run.ts` decides that.
import type { Node } from "../node.ts"
import { inputsOf } from "../plan/plan.ts"
import type { Settled, Settlements } from "./settled.ts"

export class Agenda {
  readonly #settled: Settlements
  readonly #ready: Array<Node> = []
  #next = 0
  /** For each node, how many nodes it waits for; and for each node, which nodes wait for it. */
  readonly #waiting = new Map<Node, number>()
  readonly #waiters = new Map<Node, Array<Node>>()
  readonly #before = new Map<Node, Settled>()
  #reopened = false

  constructor(settled: Settlements) {
    this.#settled = settled
  }

  /** Puts a node on the agenda. A node that was already settled (`how`) is no longer settled after this call. */
  open(node: Node, how: Settled | undefined = this.#settled.get(node)): void {
    if (how !== undefined) {
      this.#reopened = true
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

  /** A node whose inputs are all settled, first come, first served. Undefined while every other node still waits. */
  next(): Node | undefined {
    for (let node = this.#ready[this.#next]; node !== undefined; node = this.#ready[this.#next]) {
      this.#next++
      if (inputsOf(node).every((output) => this.#settled.has(output.node))) return node
      this.open(node) // an input was opened again in the meantime
    }
    return undefined
  }

  /** How a node was settled before it was opened again. */
  before(node: Node): Settled | undefined {
    return this.#before.get(node)
  }

  /** Whether any node was opened again. */
  get reopened(): boolean {
    return this.#reopened
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
