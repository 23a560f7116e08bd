// What would a run do, and why? Walks the plan as run.ts does, but starts nothing: a node behind one that
// would run is only a maybe, since an unchanged result stops the wave.
import { Effect } from "effect"
import type { Key } from "../cache/digest.ts"
import type { CacheError, Store, Stored } from "../cache/store.ts"
import type { SpecError } from "./error.ts"
import { difference, keyParts, type Difference, type InputDigests, type KeyParts } from "./key.ts"
import type { Node, StageNode } from "./node.ts"
import { inputsOf, type Plan } from "./plan.ts"
import { digestsOf, storedOf, type Settlements } from "./run.ts"
import { fetchSource } from "./source.ts"
import type { Reason } from "./reason.ts"
import { decide, partsOf, type Context } from "./step.ts"

export type Foreseen =
  | { readonly _tag: "Hit"; readonly key: Key | null; readonly outputs: ReadonlyArray<Stored>; readonly seconds: number }
  | { readonly _tag: "Run"; readonly reason: Reason }
  /** Its inputs are about to be made again; `differences` are its own, known already. */
  | { readonly _tag: "Maybe"; readonly behind: string; readonly differences: ReadonlyArray<Difference> }

/** What a run would do with every node of the plan, in its order. */
export const foresee = Effect.fn("foresee")(function* (plan: Plan, context: Context): Effect.fn.Return<ReadonlyMap<Node, Foreseen>, CacheError | SpecError, Store> {
  const known: Settlements = new Map()
  const foreseen = new Map<Node, Foreseen>()
  for (const node of plan.nodes) {
    if (node._tag === "SourceNode") {
      const outputs = [{ name: "bytes", ...(yield* fetchSource(node)) }]
      known.set(node, { _tag: "Done", key: null, outcome: "hit", outputs, seconds: 0 })
      foreseen.set(node, { _tag: "Hit", key: null, outputs, seconds: 0 })
      continue
    }
    const open = inputsOf(node).find((output) => storedOf(output, known) === undefined)
    if (open !== undefined) {
      foreseen.set(node, yield* behind(node, open.node.name, context))
      continue
    }
    const decision = yield* decide(node, digestsOf(node, known), context)
    if (decision._tag === "Hit") {
      const { key, record: { outputs, seconds } } = decision
      known.set(node, { _tag: "Done", key, outcome: "hit", outputs, seconds })
      foreseen.set(node, { _tag: "Hit", key, outputs, seconds })
    } else foreseen.set(node, { _tag: "Run", reason: decision.reason })
  }
  return foreseen
})

// With the inputs of the last time in place of those to come, only its own changes are left to see.
const behind = Effect.fnUntraced(function* (node: StageNode, producer: string, context: Context): Effect.fn.Return<Foreseen, CacheError, Store> {
  const last = context.lastKey(node.name)
  const before: KeyParts | undefined = last === undefined ? undefined : (yield* partsOf(last)).pipe((option) => (option._tag === "Some" ? option.value : undefined))
  if (before === undefined) return { _tag: "Run", reason: { _tag: "FirstRun" } }
  const unknown: InputDigests = before.inputs
  const after = keyParts(node, yield* context.fingerprints.of(node.stage, node.params), unknown, context.ground)
  const gathered = Object.entries(node.inputs).flatMap(([name, input]) => {
    const [was, is] = [countOf(before.inputs[name]), countOf(input)]
    return was === is ? [] : [{ path: `inputs.${name}`, before: `${was} outputs`, after: `${is} outputs` }]
  })
  return { _tag: "Maybe", behind: producer, differences: [...difference(before, after), ...gathered] }
})

const countOf = (input: unknown): number => (Array.isArray(input) ? input.length : input === undefined ? 0 : 1)
