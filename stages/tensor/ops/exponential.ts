// Functions of exp and log for which ONNX Runtime has no kernel, a slow kernel, or a kernel that loses accuracy.
// softplus and sigmoid use the same exp, so a gradient costs one division more than the value.
import type { Graph, Value } from "../graph.ts"
import { type Family, type Lowering, type Unary, pointwise, scalar } from "./build.ts"

const unary =
  (op: string): Lowering =>
  (graph: Graph, { x }: Unary) =>
    pointwise(graph, op, [x])

// Above this, exp(-u) < 2^-57 is negligible beside 1 in both dtypes; exp(u) still fits in float32.
const SATURATED = 40

const capped = (graph: Graph, x: Value): Value =>
  pointwise(graph, "Exp", [pointwise(graph, "Min", [x, scalar(graph, SATURATED)])])

/**
 * log(1 + exp(min(u, 40))), or u if u is larger. Absolute error of a few eps * max(1, |result|). Compared with relu(u)
 * + log(1 + exp(-|u|)) this takes two passes fewer, and the sigmoid needs no choice of sign.
 */
const softplus = (graph: Graph, x: Value): Value => {
  const grown = pointwise(graph, "Add", [capped(graph, x), scalar(graph, 1)])
  return pointwise(graph, "Max", [x, pointwise(graph, "Log", [grown])])
}

/**
 * exp(u) / (1 + exp(u)): relative accuracy for every negative u. ONNX Runtime's own float64 kernel takes twice as long.
 */
const sigmoid = (graph: Graph, x: Value): Value => {
  const e = capped(graph, x)
  return pointwise(graph, "Div", [e, pointwise(graph, "Add", [e, scalar(graph, 1)])])
}

/**
 * 2t / (1 - t) with t = tanh(x / 2) keeps relative accuracy near 0, and loses it as t approaches 1; exp(x) - 1 does the
 * opposite. The formula changes at |x| = 1.
 */
const expm1 = (graph: Graph, x: Value): Value => {
  const one = scalar(graph, 1)
  const t = pointwise(graph, "Tanh", [pointwise(graph, "Mul", [x, scalar(graph, 0.5)])])
  const near = pointwise(graph, "Div", [pointwise(graph, "Add", [t, t]), pointwise(graph, "Sub", [one, t])])
  const far = pointwise(graph, "Sub", [pointwise(graph, "Exp", [x]), one])
  return pointwise(
    graph,
    "Where",
    [pointwise(graph, "Less", [pointwise(graph, "Abs", [x]), one], "bool"), near, far],
    x.element,
  )
}

/**
 * log(w) x / (w - 1) with w = 1 + x rounded: the rounding cancels (Kahan). If w = 1 the result is x. For x >= 1 the
 * result is log(w), since w - 1 is then x up to rounding, and the quotient would be inf / inf at infinity.
 */
const log1p = (graph: Graph, x: Value): Value => {
  const one = scalar(graph, 1)
  const w = pointwise(graph, "Add", [x, one])
  const log = pointwise(graph, "Log", [w])
  const rest = pointwise(graph, "Sub", [w, one])
  const near = pointwise(graph, "Mul", [log, pointwise(graph, "Div", [x, rest])])
  const far = pointwise(graph, "Where", [pointwise(graph, "Less", [x, one], "bool"), near, log], x.element)
  return pointwise(graph, "Where", [pointwise(graph, "Equal", [rest, scalar(graph, 0)], "bool"), x, far], x.element)
}

export const exponentials: Family = {
  Exp: unary("Exp"),
  Log: unary("Log"),
  Tanh: unary("Tanh"),
  Softplus: (graph: Graph, { x }: Unary) => softplus(graph, x),
  Sigmoid: (graph: Graph, { x }: Unary) => sigmoid(graph, x),
  Expm1: (graph: Graph, { x }: Unary) => expm1(graph, x),
  Log1p: (graph: Graph, { x }: Unary) => log1p(graph, x),
}
