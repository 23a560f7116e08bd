// Selects a part of a plan. Pure: from patterns on the names of nodes to the nodes that may run, the nodes that are
// only looked up for them, and the nodes that run although they are hits. Knows nothing about the store.
import { suggest } from "../text/suggest.ts"
import { PlanError } from "../error.ts"
import { stageOf, type Node } from "../node.ts"
import { inputsOf, type Plan } from "./plan.ts"

/**
 * The patterns that a user gave. A pattern is a node's name, a stage's name, a figure's name (`figure/3a`: its nodes
 * and the nodes that judge its claims), or a name with `*` (any text) and `?` (any character).
 */
export interface Patterns {
  /** These nodes and all nodes that they need. */
  readonly until: ReadonlyArray<string>
  /** These nodes and all nodes that need them. All their other inputs also run unless they are hits. */
  readonly from: ReadonlyArray<string>
  /** Exactly these nodes. */
  readonly only: ReadonlyArray<string>
  /** Neither these nodes nor the nodes that need them. */
  readonly except: ReadonlyArray<string>
  /** These nodes run although they are hits. */
  readonly force: ReadonlyArray<string>
}

/** Selects the whole plan. */
export const noPatterns: Patterns = { until: [], from: [], only: [], except: [], force: [] }

export interface Selection {
  /** The selected nodes, and all nodes that they need. */
  readonly plan: Plan
  /** Nodes of the spec that are not selected. They never run. They are looked up if a selected node needs them. */
  readonly leftOut: ReadonlySet<Node>
  /** Nodes that run although they are hits. */
  readonly forced: ReadonlySet<Node>
}

/**
 * Each flag narrows the selection of the others. Throws a PlanError if a pattern matches nothing, or if no node is
 * left.
 */
export const select = (plan: Plan, patterns: Patterns): Selection => {
  const { until, from, only, except, force } = patterns
  if ([until, from, only, except, force].every((list) => list.length === 0))
    return { plan, leftOut: new Set(), forced: new Set() }
  let asked: ReadonlySet<Node> = new Set(plan.nodes)
  if (until.length > 0) asked = both(asked, needs(plan, matching(plan, until)))
  if (from.length > 0) asked = both(asked, behind(plan, matching(plan, from)))
  if (only.length > 0) asked = both(asked, matching(plan, only))
  else if (from.length > 0) asked = needs(plan, asked)
  if (except.length > 0) {
    const refused = behind(plan, matching(plan, except))
    asked = new Set([...asked].filter((node) => !refused.has(node)))
  }
  if (asked.size === 0)
    throw new PlanError({
      reason: "NothingSelected",
      message:
        "These patterns leave no node of the spec to run. Remove one of the patterns, or list all nodes: " +
        "pipeline plan SPEC --all",
    })
  const forced = force.flatMap((pattern) => {
    const found = [...both(matching(plan, [pattern]), asked)].filter((node) => node._tag === "StageNode")
    if (found.length === 0)
      throw new PlanError({
        reason: "NothingSelected",
        message: `--force ${pattern} matches only nodes that are left out of this run, or sources, which do not run.`,
      })
    return found
  })
  return {
    plan: part(plan, asked),
    leftOut: new Set(plan.nodes.filter((node) => !asked.has(node))),
    forced: new Set(forced),
  }
}

const both = (a: ReadonlySet<Node>, b: ReadonlySet<Node>): ReadonlySet<Node> =>
  new Set([...a].filter((node) => b.has(node)))

/** The nodes that match at least one of the patterns. */
const matching = (plan: Plan, patterns: ReadonlyArray<string>): ReadonlySet<Node> => {
  const found = new Set<Node>()
  for (const pattern of patterns) {
    const fits = fitsOf(pattern)
    const drawn = new Set([...plan.figures].flatMap(([id, nodes]) => (fits(`figure/${id}`) ? nodes : [])))
    const matched = plan.nodes.filter((node) => fits(node.name) || stageOf(node) === pattern || drawn.has(node))
    if (matched.length === 0) throw unmatched(plan, pattern)
    for (const node of matched) found.add(node)
  }
  return found
}

// A name may hold any character except `*` and `?`. `*` also matches slashes and commas, as in `*h=64*`.
const fitsOf = (pattern: string): ((name: string) => boolean) => {
  const form = new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/\*+/g, ".*")
      .replaceAll("?", ".")}$`,
    "s",
  )
  return (name) => name === pattern || form.test(name)
}

const unmatched = (plan: Plan, pattern: string): PlanError => {
  const near = suggest(pattern, [
    ...plan.nodes.map(stageOf),
    ...[...plan.figures.keys()].map((id) => `figure/${id}`),
    ...plan.byName.keys(),
  ])
  const hint =
    near.length === 0 ? "See pipeline plan SPEC --all for all names." : `Similar names are: ${near.join(", ")}.`
  return new PlanError({ reason: "UnknownNode", message: `No node and no stage matches ${pattern}. ${hint}` })
}

/** Some nodes and all nodes that they need. */
const needs = (plan: Plan, some: ReadonlySet<Node>): ReadonlySet<Node> => {
  const found = new Set(some)
  for (const node of plan.nodes.toReversed())
    if (found.has(node)) for (const { node: producer } of inputsOf(node)) found.add(producer)
  return found
}

/** Some nodes and all nodes that need them. */
const behind = (plan: Plan, some: ReadonlySet<Node>): ReadonlySet<Node> => {
  const found = new Set(some)
  for (const node of plan.nodes) if (inputsOf(node).some((output) => found.has(output.node))) found.add(node)
  return found
}

// The part of a plan that makes these nodes, in the same order.
const part = (plan: Plan, asked: ReadonlySet<Node>): Plan => {
  if (asked.size === plan.nodes.length) return plan
  const kept = needs(plan, asked)
  return {
    nodes: plan.nodes.filter((node) => kept.has(node)),
    byName: new Map([...plan.byName].filter(([, node]) => kept.has(node))),
    figures: new Map([...plan.figures].map(([id, nodes]) => [id, nodes.filter((node) => kept.has(node))])),
    shown: plan.shown.filter(({ node }) => asked.has(node)),
  }
}
