// What the commands that only look have in common: the spec loaded, and what a run would do with each node.
import { Effect } from "effect"
import { alike } from "../alike.ts"
import { PlanError } from "../error.ts"
import { foresee } from "../foresee.ts"
import type { Foreseen } from "../foreseen.ts"
import { load } from "../load.ts"
import type { Node, StageNode } from "../node.ts"
import type { Plan } from "../plan.ts"
import { prepare } from "../prepare.ts"
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
  const foreseen = yield* foresee(plan, context)
  return { loaded, ...prepared, context, foreseen }
})

/** The node of a name, with what is foreseen of it; an unknown name is answered with those that resemble it. */
export const findNode = Effect.fnUntraced(function* (
  plan: Plan,
  foreseen: ReadonlyMap<Node, Foreseen>,
  name: string,
): Effect.fn.Return<{ readonly node: StageNode; readonly foreseen: Foreseen }, PlanError> {
  const node = plan.byName.get(name)
  if (node?._tag === "StageNode") return { node, foreseen: foreseen.get(node)! }
  const near = alike(
    name,
    [...plan.byName.values()].flatMap((each) => (each._tag === "StageNode" ? [each.name] : [])),
  )
  const hint = near.length === 0 ? "See pipeline plan for all names." : `There are: ${near.join(", ")}.`
  return yield* new PlanError({ reason: "UnknownNode", message: `No node is called ${name}. ${hint}` })
})
