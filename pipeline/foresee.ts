// What would a run do, and why? Walks the plan as run.ts does, but starts nothing: a node behind one that
// would run is only a maybe, since an unchanged result stops the wave.
import { Effect } from "effect"
import type { Key } from "../cache/digest.ts"
import { Store, type CacheError, type Stored } from "../cache/store.ts"
import type { SpecError } from "./error.ts"
import { difference, keyParts, type Difference, type InputDigests, type KeyParts } from "./key.ts"
import type { Node, StageNode } from "./node.ts"
import { inputsOf, type Plan } from "./plan.ts"
import { digestsOf, doneBy, namedBy, type Settlements } from "./run.ts"
import { fetchSource } from "./source.ts"
import type { Reason } from "./reason.ts"
import { partsOf } from "./provenance.ts"
import { decide, type Context } from "./step.ts"

export type Foreseen =
  | { readonly _tag: "Hit"; readonly key: Key | null; readonly outputs: ReadonlyArray<Stored>; readonly seconds: number }
  | { readonly _tag: "Run"; readonly reason: Reason }
  /** Its inputs are about to be made again; `differences` are its own, known already. */
  | { readonly _tag: "Maybe"; readonly behind: string; readonly differences: ReadonlyArray<Difference> }
  /** An input is not there, and its node is left out. */
  | { readonly _tag: "Blocked"; readonly input: string }

/** What a run would do with every node of the plan that is not left out, in its order. */
export const foresee = Effect.fn("foresee")(function* (plan: Plan, context: Context): Effect.fn.Return<ReadonlyMap<Node, Foreseen>, CacheError | SpecError, Store> {
  const known: Settlements = new Map()
  const foreseen = new Map<Node, Foreseen>()
  // What is not there and will not be, with the node to blame; and what is left out behind a node that reruns.
  const missing = new Map<Node, string>()
  const rerunning = new Map<Node, string>()
  for (const node of plan.nodes) {
    if (node._tag === "SourceNode") {
      const outputs = [{ name: "bytes", ...(yield* fetchSource(node)) }]
      known.set(node, { _tag: "Done", key: null, outcome: "hit", outputs, seconds: 0 })
      if (!context.leftOut.has(node)) foreseen.set(node, { _tag: "Hit", key: null, outputs, seconds: 0 })
      continue
    }
    const open = inputsOf(node).find((output) => !known.has(output.node))
    const input = missing.size === 0 ? undefined : inputsOf(node).map((output) => missing.get(output.node)).find((blamed) => blamed !== undefined)
    if (context.leftOut.has(node)) {
      const decision = open === undefined ? yield* decide(node, digestsOf(node, known), context) : undefined
      if (decision?._tag === "Hit") known.set(node, doneBy(decision))
      else if (open === undefined || input !== undefined) missing.set(node, node.name)
      else rerunning.set(node, rerunning.get(open.node) ?? open.node.name)
      continue
    }
    if (input !== undefined) {
      missing.set(node, input)
      foreseen.set(node, { _tag: "Blocked", input })
      continue
    }
    if (open !== undefined) {
      foreseen.set(node, yield* behind(node, rerunning.get(open.node) ?? open.node.name, context))
      continue
    }
    const decision = yield* decide(node, digestsOf(node, known), context)
    if (decision._tag === "Hit") {
      const { key, record: { outputs, seconds } } = decision
      known.set(node, doneBy(decision))
      foreseen.set(node, { _tag: "Hit", key, outputs, seconds })
    } else {
      // Whatever a forced node makes, its first result stays: those behind it see no change.
      if (decision.kept !== undefined) known.set(node, doneBy({ key: decision.key, record: decision.kept }))
      foreseen.set(node, { _tag: "Run", reason: decision.reason })
    }
  }
  yield* wantDropped(plan, foreseen)
  return foreseen
})

// A hit whose output was dropped on purpose is made again for a node that runs; what it is made of, before it.
const wantDropped = Effect.fnUntraced(function* (plan: Plan, foreseen: Map<Node, Foreseen>): Effect.fn.Return<void, CacheError, Store> {
  const store = yield* Store
  for (const node of plan.nodes.toReversed()) {
    const what = foreseen.get(node)
    if (what?._tag !== "Run" && what?._tag !== "Maybe") continue
    for (const output of inputsOf(node)) {
      const { node: producer, name } = output
      const hit = foreseen.get(producer)
      if (hit?._tag !== "Hit" || producer._tag === "SourceNode") continue
      if ((yield* Effect.findFirst(namedBy(output, hit.outputs), ({ digest }) => Effect.map(store.has(digest), (there) => !there)))._tag === "None") continue
      foreseen.set(producer, what._tag === "Run" ? { _tag: "Run", reason: { _tag: "Lost", outputs: [name] } } : { _tag: "Maybe", behind: what.behind, differences: [] })
    }
  }
})

// With the inputs of the last time in place of those to come, only its own changes are left to see.
const behind = Effect.fnUntraced(function* (node: StageNode, producer: string, context: Context): Effect.fn.Return<Foreseen, CacheError, Store> {
  const last = context.lastKey(node.name)
  const before: KeyParts | undefined = last === undefined ? undefined : (yield* partsOf(last)).pipe((option) => (option._tag === "Some" ? option.value : undefined))
  if (before === undefined) return { _tag: "Run", reason: { _tag: "FirstRun" } }
  const unknown: InputDigests = before.inputs
  const after = keyParts(node, context.codeOf(node), unknown, context.ground)
  const gathered = Object.entries(node.inputs).flatMap(([name, input]) => {
    const [was, is] = [countOf(before.inputs[name]), countOf(input)]
    const unknowable = [input].flat().some(({ each }) => each)
    return was === is || unknowable ? [] : [{ path: `inputs.${name}`, before: `${was} outputs`, after: `${is} outputs` }]
  })
  return { _tag: "Maybe", behind: producer, differences: [...difference(before, after), ...gathered] }
})

const countOf = (input: unknown): number => (Array.isArray(input) ? input.length : input === undefined ? 0 : 1)
