// What can be predicted of a node, as data. Pure; how it is found out is in predict.ts, what people read of it in
// message/run.ts.
import type { Key } from "../../cache/digest.ts"
import type { Stored } from "../../cache/store.ts"
import type { Difference } from "../key/key.ts"
import type { Node } from "../node.ts"
import type { Reason } from "../key/reason.ts"
import type { DoneNode } from "./settled.ts"
import type { RunContext } from "./context.ts"

/** Where there is a record, its key; of a node over a list the keys of the items that are done. */
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
   * A node that runs may change what it takes, or gave; `differences` are its own, known already, as is what is
   * missing.
   */
  | ({
      readonly _tag: "Maybe"
      readonly behind: string
      readonly differences: ReadonlyArray<Difference>
      readonly missing?: ReadonlyArray<string>
    } & Recorded)
  /** An input is not there, and its node is left out. */
  | { readonly _tag: "Blocked"; readonly input: string }

/** The keys of the items of a node over a list that are known to be done. */
export const piecesIn = (what: Prediction): ReadonlyArray<Key> => (what._tag === "Blocked" ? [] : (what.pieces ?? []))

/** What was predicted of nodes, those left out among them. */
export interface Outlook {
  readonly predicted: Map<Node, Prediction>
  /** What others are given: the outputs of hits, and of what is forced and stays as it is. */
  readonly known: Map<Node, DoneNode>
  /** Of what runs: the outputs that it gave once and that are gone. */
  readonly gone: Map<Node, ReadonlyArray<Stored>>
  /** What may turn out to be left out and not there, and all behind it: it may not even run where it is forced. */
  readonly doubtful: Set<Node>
}

/** Of a node that has to run for a reason, or may have to, unless one that runs before it spares it that. */
export const maybe = (behind: string, reason: Reason | undefined, { key, pieces }: Recorded): Prediction => ({
  _tag: "Maybe",
  behind,
  differences: reason?._tag === "Changed" ? reason.differences : [],
  ...(reason?._tag === "Lost" && { missing: reason.outputs }),
  ...(key !== undefined && { key }),
  ...(pieces !== undefined && { pieces }),
})

/** The node that runs, for one that is behind another: nothing is said of what is left out. */
export const blamed = (node: Node, { predicted }: Outlook, { leftOut }: Pick<RunContext, "leftOut">): string => {
  const what = predicted.get(node)
  return leftOut.has(node) && what?._tag === "Maybe" ? what.behind : node.name
}
