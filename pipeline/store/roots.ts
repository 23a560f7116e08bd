// What must stay in a store? The records of the current plans of some specs, the records of the last and the tagged
// runs, and the bytes from outside that these records read. Knows nothing about files.
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Journal } from "../../cache/journal.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import { piecesIn, type Prediction } from "../run/prediction.ts"
import { isOver, type Node, type Output } from "../node.ts"
import { pieceKeys } from "../run/map.ts"
import { nodesOf, pastRuns, type Written } from "../history/runs.ts"
import { inputsOf, type Plan } from "../plan/plan.ts"
import type { Prepared } from "../run/context.ts"

export interface Held {
  readonly keys: ReadonlySet<Key>
  readonly blobs: ReadonlySet<Digest>
}

/**
 * The keys and blobs that a run of a spec would find done. A node behind a node that reruns may still be a hit (if the
 * rerun gives the same outputs), so its last record stays.
 */
export const heldByPlan = Effect.fn("heldByPlan")(function* (
  predicted: ReadonlyMap<Node, Prediction>,
  history: Prepared["history"],
): Effect.fn.Return<Held, CacheError, Store> {
  const keys = new Set<Key>()
  const blobs = new Set<Digest>()
  for (const [node, what] of predicted) {
    const key = keyHeld(what, history.get(node.name)?.key)
    if (key !== undefined) keys.add(key)
    // Also for a list that grew: most of its items are done.
    if (isOver(node)) for (const piece of yield* pieceKeys(node.name, key, history, piecesIn(what))) keys.add(piece)
    if (what._tag === "Hit" && what.key === null) for (const { digest } of what.outputs) blobs.add(digest)
  }
  return { keys, blobs }
})

const keyHeld = (what: Prediction, last: Key | undefined): Key | undefined => {
  if (what._tag === "Blocked") return undefined
  // The record of dropped outputs that are needed again also stays.
  return what.key ?? (what._tag === "Maybe" ? last : undefined)
}

/** The keys that the last runs and all tagged runs made or found done, and the logs of their failures. */
export const heldByRuns = Effect.fn("heldByRuns")(function* (
  count: number,
): Effect.fn.Return<Held, CacheError, Journal> {
  const journal = yield* Journal
  const written = yield* Effect.forEach(yield* journal.runs, (run) =>
    Effect.map(journal.read(run), (lines): Written => ({ run, lines })),
  )
  const keys = new Set<Key>()
  const blobs = new Set<Digest>()
  const runs = pastRuns(written)
  for (const run of runs.filter(({ tags }, i) => i >= runs.length - count || tags.length > 0)) {
    // A killed run counts as if it had reached all its nodes, because the next run continues from there.
    for (const end of nodesOf({ ...run, code: run.code ?? 0 }, written).values()) {
      if (end._tag === "Done") keys.add(end.key)
      else if (end._tag === "Failed" && end.log !== null) blobs.add(end.log)
    }
  }
  return { keys, blobs }
})

/** The outputs of a plan that only done nodes read. They can be made again if one of these nodes has to run. */
export const remakeableIn = (plan: Plan, predicted: ReadonlyMap<Node, Prediction>): ReadonlySet<Digest> => {
  const read = new Set(plan.nodes.flatMap(inputsOf).map(idOf))
  const kept = new Set(plan.shown.map(idOf))
  for (const node of plan.nodes)
    if (predicted.get(node)?._tag !== "Hit") for (const input of inputsOf(node)) kept.add(idOf(input))
  const spare = new Set<Digest>()
  const needed = new Set<Digest>()
  for (const [node, what] of predicted) {
    if (what._tag !== "Hit" || node._tag !== "StageNode") continue
    for (const { name, digest } of what.outputs) {
      const id = idOf({ node, name })
      ;(read.has(id) && !kept.has(id) ? spare : needed).add(digest)
    }
  }
  return new Set([...spare].filter((digest) => !needed.has(digest)))
}

const idOf = ({ node, name }: Pick<Output, "node" | "name">): string => `${node.name}:${name}`
