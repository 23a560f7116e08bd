// Comparisons, logic and selection. Comparisons give bool, as in TF.js. Knows nothing about gradients.
import { util } from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { type Binary, type Family, type Lowering, pointwise, reshape, unexpanded } from "./build.ts"

const compare =
  (op: string): Lowering =>
  (graph: Graph, { a, b }: Binary) =>
    pointwise(graph, op, [a, b], "bool")
const not = (graph: Graph, x: Value): Value => pointwise(graph, "Not", [x])

const sizeOf = ({ shape }: Value): number => util.sizeFromShape([...shape])

/**
 * With one condition, the choice between two arrays is an If, which does not compute the side that is not taken
 * (block.ts). With many conditions, or between single numbers (which cost less to compute than a branch), the choice is
 * made element by element.
 */
const select = (graph: Graph, condition: Value, yes: Value, no: Value): Value => {
  const one = unexpanded(condition)
  if (sizeOf(one) !== 1 || sizeOf(yes) === 1) return pointwise(graph, "Where", [condition, yes, no], yes.element)
  return graph.node("If", [reshape(graph, one, []), yes, no], yes)
}

export const logic: Family = {
  Greater: compare("Greater"),
  GreaterEqual: compare("GreaterOrEqual"),
  Less: compare("Less"),
  LessEqual: compare("LessOrEqual"),
  Equal: compare("Equal"),
  NotEqual: (graph: Graph, { a, b }: Binary) => not(graph, pointwise(graph, "Equal", [a, b], "bool")),
  LogicalAnd: compare("And"),
  LogicalOr: compare("Or"),
  LogicalNot: (graph: Graph, { x }: { readonly x: Value }) => not(graph, x),
  Select: (graph: Graph, { condition, t, e }: { readonly condition: Value; readonly t: Value; readonly e: Value }) =>
    select(graph, condition, t, e),
}
