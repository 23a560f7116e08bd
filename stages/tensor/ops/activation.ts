// Activations with one formula above 0 and another below. Their gradients are in slopes.ts. Knows nothing about layers.
import type { LeakyReluAttrs } from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { type Family, type Unary, pointwise, scalar } from "./build.ts"
import { exponentials } from "./exponential.ts"

/** tf.selu is SELU_SCALE * x above 0, and SELU_ALPHA * (exp(x) - 1) below. */
export const SELU_SCALE = 1.0507009873554805
export const SELU_ALPHA = 1.7580993408473768

const above = (graph: Graph, x: Value): Value => pointwise(graph, "Max", [x, scalar(graph, 0)])
const below = (graph: Graph, x: Value): Value => pointwise(graph, "Min", [x, scalar(graph, 0)])
const times = (graph: Graph, x: Value, factor: number): Value => pointwise(graph, "Mul", [x, scalar(graph, factor)])
const sum = (graph: Graph, a: Value, b: Value): Value => pointwise(graph, "Add", [a, b])

/** exp(min(x, 0)) - 1. */
const dip = (graph: Graph, x: Value): Value =>
  exponentials["Expm1"]!(graph, { x: below(graph, x) } as never, {} as never) as Value

export const activations: Family = {
  Relu6: (graph: Graph, { x }: Unary) => pointwise(graph, "Min", [above(graph, x), scalar(graph, 6)]),
  LeakyRelu: (graph: Graph, { x }: Unary, { alpha }: LeakyReluAttrs) =>
    sum(graph, above(graph, x), times(graph, below(graph, x), alpha)),
  Elu: (graph: Graph, { x }: Unary) => sum(graph, above(graph, x), dip(graph, x)),
  Selu: (graph: Graph, { x }: Unary) =>
    sum(graph, times(graph, above(graph, x), SELU_SCALE), times(graph, dip(graph, x), SELU_ALPHA)),
}
