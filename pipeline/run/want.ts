// Is a node whose inputs are known a hit, and if not, why would it run? Takes into account dropped outputs, forced
// nodes, nodes over a list, and outputs that are shown. Knows nothing about the other nodes.
import { Effect } from "effect"
import type { Key } from "../../cache/digest.ts"
import type { CacheError, Store, Stored } from "../../cache/store.ts"
import type { Prediction, Recorded } from "./prediction.ts"
import { goneOf } from "./keep.ts"
import type { InputDigests } from "../key/key.ts"
import type { Output, StageNode } from "../node.ts"
import { lookOver } from "./map.ts"
import type { Reason } from "../key/reason.ts"
import { doneBy, outputsByName, type DoneNode } from "./settled.ts"
import { decide } from "./step.ts"
import type { RunContext } from "./context.ts"

interface Want {
  readonly _tag: "Want"
  readonly reason: Reason
  readonly recorded: Recorded
  /** The keys that the node makes: its own key, and the keys of its items. */
  readonly makes: ReadonlyArray<Key>
  /** Earlier outputs whose bytes are gone. */
  readonly gone: ReadonlyArray<Stored>
  /** Set if the node is forced and all its earlier outputs are in the store. */
  readonly kept?: DoneNode
}

type Hit = Extract<Prediction, { readonly _tag: "Hit" }> & { readonly key: Key }

/** What a run would find for a node, given the digests of its inputs. Outputs in `shown` must be in the store. */
export const want = Effect.fnUntraced(function* (
  node: StageNode,
  given: InputDigests,
  shown: ReadonlyArray<Output>,
  context: RunContext,
): Effect.fn.Return<Hit | Want, CacheError, Store> {
  const decision = yield* decide(node, given, context)
  const { key } = decision
  if (decision._tag === "Hit") {
    const { outputs, seconds } = decision.record
    const asked = shown.length === 0 ? [] : yield* goneOf(shown.flatMap((output) => outputsByName(output, outputs)))
    if (asked.length === 0) return { _tag: "Hit", key, outputs, seconds }
    return {
      _tag: "Want",
      reason: { _tag: "Lost", outputs: asked.map(({ name }) => name) },
      recorded: { key },
      makes: [key],
      gone: yield* goneOf(outputs),
    }
  }
  const { reason, had } = decision
  const recorded: Recorded = had === undefined ? {} : { key }
  const wanted: Want = { _tag: "Want", reason, recorded, makes: [key], gone: had?.gone ?? [] }
  if (context.forced.has(node))
    return had === undefined || had.gone.length > 0 ? wanted : { ...wanted, kept: doneBy({ key, record: had.record }) }
  const items = node.over === undefined ? undefined : yield* lookOver(node, given, context)
  if (items === undefined) return wanted
  const { done, open, outputs, seconds } = items
  if (open.length === 0) return { _tag: "Hit", key, outputs, seconds, pieces: done }
  return {
    ...wanted,
    recorded: { ...recorded, pieces: done },
    makes: [key, ...open.map((piece) => piece.key)],
    gone: [...wanted.gone, ...open.flatMap((piece) => piece.gone)],
  }
})
