// What the commands that only look have in common: the spec loaded, and what a run would do with each node.
import { Effect } from "effect"
import { PlanError } from "../error.ts"
import { foresee, type Foreseen } from "../foresee.ts"
import { load } from "../load.ts"
import type { Node, StageNode } from "../node.ts"
import type { Plan } from "../plan.ts"
import { prepare } from "../prepare.ts"

export interface LookOptions {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
  readonly store: string
}

export const look = Effect.fn("look")(function* (options: LookOptions) {
  const loaded = yield* load(options.spec, options.set)
  const prepared = yield* prepare(loaded, options.store, { jobs: 1, timeout: null })
  const foreseen = yield* foresee(loaded.plan, prepared.context)
  return { loaded, ...prepared, foreseen }
})

/** The node of a name, with what is foreseen of it; an unknown name is answered with those that resemble it. */
export const findNode = Effect.fnUntraced(function* (plan: Plan, foreseen: ReadonlyMap<Node, Foreseen>, name: string): Effect.fn.Return<{ readonly node: StageNode; readonly foreseen: Foreseen }, PlanError> {
  const node = plan.byName.get(name)
  if (node?._tag === "StageNode") return { node, foreseen: foreseen.get(node)! }
  const parts = name.split(/[/,]/)
  const alike = [...plan.byName.values()]
    .filter((each) => each._tag === "StageNode")
    .map((each) => ({ name: each.name, shared: parts.filter((part) => each.name.includes(part)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, 5)
  const hint = alike.length === 0 ? "See pipeline plan for all names." : `There are: ${alike.map((each) => each.name).join(", ")}.`
  return yield* new PlanError({ reason: "UnknownNode", message: `No node is called ${name}. ${hint}` })
})
