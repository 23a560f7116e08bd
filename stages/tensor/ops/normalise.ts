// Batch normalisation with a given mean and variance. In training these are tf.moments of the batch, with their own
// gradients. Knows nothing about moving statistics.
import type { FusedBatchNormAttrs } from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { type Family, pointwise, scalar } from "./build.ts"

interface Given {
  readonly x: Value
  readonly mean: Value
  readonly variance: Value
  readonly scale?: Value
  readonly offset?: Value
}

export const normalisations: Family = {
  FusedBatchNorm: (
    graph: Graph,
    { x, mean, variance, scale, offset }: Given,
    { varianceEpsilon }: FusedBatchNormAttrs,
  ) => {
    const deviation = pointwise(graph, "Sqrt", [pointwise(graph, "Add", [variance, scalar(graph, varianceEpsilon)])])
    const factor = pointwise(graph, "Div", [scale ?? scalar(graph, 1), deviation])
    const scaled = pointwise(graph, "Mul", [pointwise(graph, "Sub", [x, mean]), factor])
    return offset === undefined ? scaled : pointwise(graph, "Add", [scaled, offset])
  },
}
