// Comparisons, logic and choice. Comparisons give bool, as in TF.js.
import type { Graph, Value } from "../graph.ts"
import { type Binary, type Family, type Lowering, pointwise } from "./build.ts"

const compare = (op: string): Lowering => (graph: Graph, { a, b }: Binary) => pointwise(graph, op, [a, b], "bool")
const not = (graph: Graph, x: Value): Value => pointwise(graph, "Not", [x])

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
    pointwise(graph, "Where", [condition, t, e], t.element),
}
