// The types of predictions. Pure. Knows nothing about how predictions are made (`predict.ts`) or printed
// (`run/message.ts`).
import type { Key } from "../../cache/digest.ts"
import type { Stored } from "../../cache/store.ts"
import type { Difference } from "../key/key.ts"
import type { Node } from "../node.ts"
import type { Reason } from "../key/reason.ts"
import type { DoneNode } from "./settled.ts"
import type { RunContext } from "./context.ts"

/** The key, if there is a record; for a node over a list also the keys of the items that are done. */
export interface Recorded {
  readonly key?: Key
  readonly pieces?: ReadonlyArray<Key>
}

export type Prediction =
  | {
      readonly _tag: "Hit"
      readonly key: Key | null
      readonly outputs: ReadonlyArray<Stored>
      readonly seconds: number
      readonly pieces?: ReadonlyArray<Key>
    }
  | ({ readonly _tag: "Run"; readonly reason: Reason } & Recorded)
  /**
   * The node depends on a node that runs and may change its inputs or outputs. `differences` are the node's own
   * changes, and `missing` its missing outputs; both are already known.
   */
  | ({
      readonly _tag: "Maybe"
      readonly behind: string
      readonly differences: ReadonlyArray<Difference>
      readonly missing?: ReadonlyArray<string>
    } & Recorded)
  /** An input is not in the store, and the node that makes this input is left out. */
  | { readonly _tag: "Blocked"; readonly input: string }

/** The keys of items that are known to be done, for a node over a list. */
export const piecesIn = (what: Prediction): ReadonlyArray<Key> => (what._tag === "Blocked" ? [] : (what.pieces ?? []))

/** The predictions of all nodes, including nodes that are left out. */
export interface Outlook {
  readonly predicted: Map<Node, Prediction>
  /** The outputs that other nodes will get: outputs of hits, and of forced nodes whose result stays. */
  readonly known: Map<Node, DoneNode>
  /** For nodes that run: the earlier outputs whose bytes are gone. */
  readonly gone: Map<Node, ReadonlyArray<Stored>>
  /**
   * Nodes that may turn out to be left out and not in the store, and all nodes behind them. Such a node may not run
   * even if it is forced.
   */
  readonly doubtful: Set<Node>
}

/** The prediction for a node that would run for a reason, but may not need to after another node (`behind`) has run. */
export const maybe = (behind: string, reason: Reason | undefined, { key, pieces }: Recorded): Prediction => ({
  _tag: "Maybe",
  behind,
  differences: reason?._tag === "Changed" ? reason.differences : [],
  ...(reason?._tag === "Lost" && { missing: reason.outputs }),
  ...(key !== undefined && { key }),
  ...(pieces !== undefined && { pieces }),
})

/** The name of the node that runs, for a node behind `node`. A node that is left out is never blamed. */
export const blamed = (node: Node, { predicted }: Outlook, { leftOut }: Pick<RunContext, "leftOut">): string => {
  const what = predicted.get(node)
  return leftOut.has(node) && what?._tag === "Maybe" ? what.behind : node.name
}
