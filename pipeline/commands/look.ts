// Shared by the commands that only look: loads the spec and predicts what a run would do with each node. Knows nothing
// about how the answer is printed.
import { Effect } from "effect"
import { suggest } from "../text/suggest.ts"
import { PlanError } from "../error.ts"
import { predict } from "../run/predict.ts"
import type { Prediction } from "../run/prediction.ts"
import { load } from "../plan/load.ts"
import type { Node, StageNode } from "../node.ts"
import type { Plan } from "../plan/plan.ts"
import { prepare } from "../run/context.ts"
import { choose, everything, type Choice } from "./choose.ts"

export interface LookOptions {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
  readonly store: string
}

export const look = Effect.fn("look")(function* (options: LookOptions, choice: Choice = everything) {
  const loaded = yield* load(options.spec, options.set)
  const prepared = yield* prepare(loaded, options.store, { jobs: 1, timeout: null })
  const { plan, context } = yield* choose(loaded.plan, choice, prepared)
  const predicted = yield* predict(plan, context)
  return { loaded, ...prepared, context, predicted }
})

/** The node with this name and its prediction. For an unknown name the error lists similar names. */
export const findNode = Effect.fnUntraced(function* (
  plan: Plan,
  predicted: ReadonlyMap<Node, Prediction>,
  name: string,
): Effect.fn.Return<{ readonly node: StageNode; readonly predicted: Prediction }, PlanError> {
  const node = plan.byName.get(name)
  if (node?._tag === "StageNode") return { node, predicted: predicted.get(node)! }
  const near = suggest(
    name,
    [...plan.byName.values()].flatMap((each) => (each._tag === "StageNode" ? [each.name] : [])),
  )
  const hint = near.length === 0 ? "See pipeline plan for all names." : `Similar names are: ${near.join(", ")}.`
  return yield* new PlanError({ reason: "UnknownNode", message: `No node is called ${name}. ${hint}` })
})
