// What would a run do, and why? Walks the plan as `run.ts` does, but starts nothing. A node behind a node that runs is
// only a maybe: its inputs are not known yet, so its key is not known either. A run keeps the prediction: a hit stays a
// hit, a predicted run happens, and a maybe becomes a hit or a run. The journal only supplies reasons; it decides
// nothing. Knows nothing about how predictions are printed.
import { Effect } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import type { SpecError } from "../error.ts"
import { blamed, maybe, type Prediction, type Outlook } from "./prediction.ts"
import { difference, keyParts, type Difference } from "../key/key.ts"
import type { Output, SourceNode, StageNode, Node } from "../node.ts"
import { inputsOf, type Plan } from "../plan/plan.ts"
import { partsOf } from "./provenance.ts"
import { digestsOf, doneBy } from "./settled.ts"
import { fetchSource } from "./source.ts"
import { correctPredictions } from "./unsettle.ts"
import { want } from "./want.ts"
import type { RunContext } from "./context.ts"

/**
 * What a run would do with every node of the plan that is not left out, in plan order:
 * 1. decides for each node whose inputs are known whether the node has to run;
 * 2. decides again for hits whose dropped bytes another node will need, and for all nodes behind these hits.
 */
export const predict = Effect.fn("predict")(function* (
  plan: Plan,
  context: RunContext,
): Effect.fn.Return<ReadonlyMap<Node, Prediction>, CacheError | SpecError, Store> {
  const outlook: Outlook = { predicted: new Map(), known: new Map(), gone: new Map(), doubtful: new Set() }
  const { predicted } = outlook
  const shown = Map.groupBy(plan.shown, ({ node }) => node)
  const look = lookingAt(outlook, context)
  for (const node of plan.nodes)
    predicted.set(
      node,
      yield* node._tag === "SourceNode" ? lookAtSource(node, outlook) : look(node, shown.get(node) ?? []),
    ) // 1
  yield* correctPredictions(plan, outlook, context) // 2
  return context.leftOut.size === 0 ? predicted : new Map([...predicted].filter(([node]) => !context.leftOut.has(node)))
})

const lookAtSource = Effect.fnUntraced(function* (
  node: SourceNode,
  { known }: Outlook,
): Effect.fn.Return<Prediction, CacheError | SpecError, Store> {
  const outputs = [{ name: "bytes", ...(yield* fetchSource(node)) }]
  known.set(node, { _tag: "Done", key: null, outcome: "hit", outputs, seconds: 0 })
  return { _tag: "Hit", key: null, outputs, seconds: 0 }
})

/** Looks at the nodes one after another; inputs come before the nodes that read them. */
const lookingAt = (outlook: Outlook, context: RunContext) => {
  const { predicted, known, gone, doubtful } = outlook
  /**
   * Which node makes a key, or brings lost bytes back. A second node with the same key joins the first node, or finds
   * its result done.
   */
  const makers = new Map<Key | Digest, string>()
  /**
   * Known nodes that are forced or behind a forced node. A node that reads them must wait for the forced node, whose
   * name is the value.
   */
  const late = new Map<Node, string>()

  return Effect.fnUntraced(function* (
    node: StageNode,
    shown: ReadonlyArray<Output>,
  ): Effect.fn.Return<Prediction, CacheError, Store> {
    const isLeftOut = context.leftOut.has(node)
    const isForced = context.forced.has(node)
    const producers = inputsOf(node).map((output) => output.node)
    const open = producers.find((producer) => !known.has(producer))
    if (open !== undefined) {
      const blocked = producers.map((producer) => predicted.get(producer)).find((what) => what?._tag === "Blocked")
      if (blocked !== undefined) return isLeftOut ? { _tag: "Blocked", input: node.name } : blocked
      if (isLeftOut || producers.some((producer) => doubtful.has(producer))) doubtful.add(node)
      else if (isForced) return { _tag: "Run", reason: { _tag: "Forced" } }
      return {
        _tag: "Maybe",
        behind: blamed(open, outlook, context),
        differences: isLeftOut ? [] : yield* ownChanges(node, context),
      }
    }
    const forced =
      late.size === 0 ? undefined : producers.map((producer) => late.get(producer)).find((name) => name !== undefined)
    const what = yield* want(node, digestsOf(node, known), shown, context)
    if (what._tag === "Hit") {
      known.set(node, doneBy({ key: what.key, record: what }))
      if (forced !== undefined) late.set(node, forced)
      return what
    }
    if (isLeftOut) return { _tag: "Blocked", input: node.name }
    const { reason, recorded, makes, kept } = what
    gone.set(node, what.gone)
    if (kept !== undefined) {
      // The first result of a forced node stays, so nodes behind it see no change.
      known.set(node, kept)
      late.set(node, node.name)
      return { _tag: "Run", reason, ...recorded }
    }
    const lost =
      reason._tag === "Lost"
        ? what.gone.flatMap(({ name, digest }) => (reason.outputs.includes(name) ? [digest] : []))
        : []
    const bringers = lost.map((digest) => makers.get(digest))
    const before = isForced
      ? undefined
      : (makers.get(makes[0]!) ?? (bringers.includes(undefined) ? undefined : bringers[0]) ?? forced)
    if (before !== undefined) return maybe(before, reason, recorded)
    for (const made of [...makes, ...lost]) if (!makers.has(made)) makers.set(made, node.name)
    return { _tag: "Run", reason, ...recorded }
  })
}

// The new inputs are not known yet. With the inputs of the last run in their place, only the node's own changes show.
const ownChanges = Effect.fnUntraced(function* (
  node: StageNode,
  context: RunContext,
): Effect.fn.Return<ReadonlyArray<Difference>, CacheError, Store> {
  const last = context.lastKey(node.name)
  const before =
    last === undefined
      ? undefined
      : (yield* partsOf(last)).pipe((option) => (option._tag === "Some" ? option.value : undefined))
  if (before === undefined) return []
  const after = keyParts(node, context.codeOf(node), before.inputs, context.ground)
  const gathered = Object.entries(node.inputs).flatMap(([name, input]) => {
    const [was, is] = [countOf(before.inputs[name]), countOf(input)]
    const unknowable = [input].flat().some(({ each }) => each)
    return was === is || unknowable
      ? []
      : [{ path: `inputs.${name}`, before: `${was} outputs`, after: `${is} outputs` }]
  })
  return [...difference(before, after), ...gathered]
})

const countOf = (input: unknown): number => (Array.isArray(input) ? input.length : input === undefined ? 0 : 1)
