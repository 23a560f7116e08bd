// How did the nodes of a run end, and which outputs are stored? Pure: from settlements to outputs, digests and counts.
// Knows nothing about the store, or the order in which nodes are settled.
import type { Digest, Key } from "../../cache/digest.ts"
import type { Known, Stored } from "../../cache/store.ts"
import type { NodeError } from "../error.ts"
import type { Counts, Event } from "../event.ts"
import type { InputDigests } from "../key/key.ts"
import { stageOf, type Node, type Output, type StageNode } from "../node.ts"
import { inputsOf } from "../plan/plan.ts"
import type { Done } from "./step.ts"
import type { RunContext } from "./context.ts"

/** A node with outputs. A source has no key. */
export type DoneNode = { readonly _tag: "Done" } & Pick<Done, "outcome" | "outputs" | "seconds"> &
  Partial<Pick<Done, "replaced">> & { readonly key: Done["key"] | null }

/** How a node ended in this run. */
export type Settled =
  | DoneNode
  | { readonly _tag: "Failed"; readonly error: NodeError }
  /** `because` names a needed node that did not end well; null after an interruption. */
  | { readonly _tag: "Skipped"; readonly because: string | null }

export type Settlements = Map<Node, Settled>

/** The settlement of a hit. */
export const doneBy = ({
  key,
  record: { outputs, seconds },
}: {
  readonly key: Key
  readonly record: Pick<Known, "outputs" | "seconds">
}): DoneNode => ({ _tag: "Done", key, outcome: "hit", outputs, seconds })

/** Whether all inputs of a node are done. */
export const areDone = (node: Node, settled: Settlements): boolean =>
  inputsOf(node).every((output) => settled.get(output.node)?._tag === "Done")

/** The stored form of an output; undefined if its node did not end well. */
export const storedOf = (output: Output, settled: Settlements): Stored | undefined => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? how.outputs.find((stored) => stored.name === output.name) : undefined
}

/** Everything stored for an output, in order: a single entry, or one entry per item of the node's list. */
export const allOf = (output: Output, settled: Settlements): ReadonlyArray<Stored> => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? outputsByName(output, how.outputs) : []
}

/** The stored outputs that an output refers to. */
export const outputsByName = ({ name, each }: Output, outputs: ReadonlyArray<Stored>): ReadonlyArray<Stored> =>
  outputs.filter((stored) => (each ? stored.name.startsWith(`${name}/`) : stored.name === name))

/** The digests of a node's inputs; all input nodes must be done. */
export const digestsOf = (node: StageNode, settled: Settlements): InputDigests => {
  const digest = (output: Output): Digest => storedOf(output, settled)!.digest
  const digests: { [name: string]: Digest | ReadonlyArray<Digest> } = {}
  for (const [name, input] of Object.entries(node.inputs)) {
    digests[name] =
      "node" in input
        ? digest(input)
        : input.flatMap((output) =>
            output.each ? allOf(output, settled).map((stored) => stored.digest) : digest(output),
          )
  }
  return digests
}

/** The event that reports how a node ended. */
export const endOf = (node: Node, how: Settled): Event => {
  const of = { node: node.name, stage: stageOf(node) }
  if (how._tag === "Done") return { _tag: "NodeDone", ...of, key: how.key, outcome: how.outcome, seconds: how.seconds }
  if (how._tag === "Failed") return { _tag: "NodeFailed", ...of, error: how.error }
  return { _tag: "NodeSkipped", ...of, because: how.because }
}

/** How the selected nodes ended. For nodes that are left out only failures, because these stop other nodes. */
export const asked = (settled: Settlements, { leftOut }: Pick<RunContext, "leftOut">): Settlements =>
  leftOut.size === 0
    ? settled
    : new Map([...settled].filter(([node, how]) => how._tag === "Failed" || !leftOut.has(node)))

export const countsOf = (settled: Settlements): Counts => {
  const counts = { hit: 0, joined: 0, run: 0, failed: 0, skipped: 0 }
  let replaced = 0
  for (const how of settled.values()) {
    counts[how._tag === "Done" ? how.outcome : how._tag === "Failed" ? "failed" : "skipped"]++
    if (how._tag === "Done" && how.replaced !== undefined && how.replaced.length > 0) replaced++
  }
  return replaced === 0 ? counts : { ...counts, replaced }
}
