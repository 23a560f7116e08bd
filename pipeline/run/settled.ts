// How did the nodes of a run end, and what is stored of them? Pure: from settlements to outputs, digests, counts.
// Refuses to know the store, and in which order nodes are settled.
import type { Digest, Key } from "../../cache/digest.ts"
import type { Known, Stored } from "../../cache/store.ts"
import type { NodeError } from "../error.ts"
import type { Counts, Event } from "../event.ts"
import type { InputDigests } from "../key/key.ts"
import { stageOf, type Node, type Output, type StageNode } from "../node.ts"
import { inputsOf } from "../plan/plan.ts"
import type { Done } from "./step.ts"
import type { RunContext } from "./context.ts"

/** A node that has its outputs; a source has no key. */
export type DoneNode = { readonly _tag: "Done" } & Pick<Done, "outcome" | "outputs" | "seconds"> &
  Partial<Pick<Done, "replaced">> & { readonly key: Done["key"] | null }

/** How a node ended in this run. */
export type Settled =
  | DoneNode
  | { readonly _tag: "Failed"; readonly error: NodeError }
  /** Because of a node that it needs, or, where that is null, of an interruption. */
  | { readonly _tag: "Skipped"; readonly because: string | null }

export type Settlements = Map<Node, Settled>

/** A node that is a hit. */
export const doneBy = ({
  key,
  record: { outputs, seconds },
}: {
  readonly key: Key
  readonly record: Pick<Known, "outputs" | "seconds">
}): DoneNode => ({ _tag: "Done", key, outcome: "hit", outputs, seconds })

/** Whether all that a node takes is there. */
export const areDone = (node: Node, settled: Settlements): boolean =>
  inputsOf(node).every((output) => settled.get(output.node)?._tag === "Done")

/** What is stored of an output; nothing where its node did not end well. */
export const storedOf = (output: Output, settled: Settlements): Stored | undefined => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? how.outputs.find((stored) => stored.name === output.name) : undefined
}

/** All that is stored of an output, in order: one, or as many as its node's list has items. */
export const allOf = (output: Output, settled: Settlements): ReadonlyArray<Stored> => {
  const how = settled.get(output.node)
  return how?._tag === "Done" ? namedBy(output, how.outputs) : []
}

/** Those of a node's outputs that an output names. */
export const namedBy = ({ name, each }: Output, outputs: ReadonlyArray<Stored>): ReadonlyArray<Stored> =>
  outputs.filter((stored) => (each ? stored.name.startsWith(`${name}/`) : stored.name === name))

/** The digests of a node's inputs, whose nodes are done. */
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

/** What is told of a node that ended. */
export const endOf = (node: Node, how: Settled): Event => {
  const of = { node: node.name, stage: stageOf(node) }
  if (how._tag === "Done") return { _tag: "NodeDone", ...of, key: how.key, outcome: how.outcome, seconds: how.seconds }
  if (how._tag === "Failed") return { _tag: "NodeFailed", ...of, error: how.error }
  return { _tag: "NodeSkipped", ...of, because: how.because }
}

/** What became of the nodes that were asked for; of those left out only the failures, which stop others. */
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
