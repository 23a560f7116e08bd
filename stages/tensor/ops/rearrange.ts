// Ops that reverse, mirror, one-hot encode, or move elements between space and batch. Knows nothing about gradients.
import {
  type BatchToSpaceNDAttrs,
  type MirrorPadAttrs,
  type OneHotAttrs,
  type ReverseAttrs,
  type SpaceToBatchNDAttrs,
  backend_util,
  util,
} from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import { type Family, type Unary, integers, pointwise, reshape, scalar } from "./build.ts"
import { cut, permute, pick } from "./layout.ts"
import { elementOf } from "./shape.ts"

/** The source index of each element of an axis that is continued by its own mirror image. */
export const mirrored = (
  length: number,
  [before, after]: readonly [number, number],
  mode: MirrorPadAttrs["mode"],
): ReadonlyArray<number> => {
  const edge = mode === "reflect" ? 0 : 1 // symmetric repeats the last element; reflect does not
  return Array.from({ length: before + length + after }, (_, k) => {
    const i = k - before
    if (i < 0) return -i - edge
    return i < length ? i : 2 * (length - 1) - i + edge
  })
}

const range = (from: number, to: number, step: number): ReadonlyArray<number> =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)

/** Moves blocks of the image into the batch dimension. */
const spaceToBatch = (graph: Graph, x: Value, { blockShape, paddings }: SpaceToBatchNDAttrs): Value => {
  const grown = x.shape.map((n, i) => n + (paddings[i - 1]?.[0] ?? 0) + (paddings[i - 1]?.[1] ?? 0))
  const pads = [0, 1].flatMap((side) => x.shape.map((_, i) => paddings[i - 1]?.[side] ?? 0))
  const padded = graph.node("Pad", [x, integers(graph, pads), scalar(graph, 0, x.element)], {
    shape: grown,
    element: x.element,
  })
  const count = util.sizeFromShape(blockShape)
  const split = reshape(graph, padded, backend_util.getReshaped(grown, blockShape, count, false))
  const order = backend_util.getPermuted(split.shape.length, blockShape.length, false)
  return reshape(graph, permute(graph, split, order), backend_util.getReshapedPermuted(grown, blockShape, count, false))
}

const batchToSpace = (graph: Graph, x: Value, { blockShape, crops }: BatchToSpaceNDAttrs): Value => {
  const count = util.sizeFromShape(blockShape)
  const split = reshape(graph, x, backend_util.getReshaped([...x.shape], blockShape, count))
  const order = backend_util.getPermuted(split.shape.length, blockShape.length)
  const whole = reshape(
    graph,
    permute(graph, split, order),
    backend_util.getReshapedPermuted([...x.shape], blockShape, count),
  )
  return crops.reduce((made, [from, to], i) => cut(graph, made, i + 1, from!, made.shape[i + 1]! - to!), whole)
}

export const rearrangements: Family = {
  Reverse: (graph: Graph, { x }: Unary, { dims }: ReverseAttrs) =>
    util
      .parseAxisParam(dims, [...x.shape])
      .reduce((made, axis) => pick(graph, made, axis, range(0, x.shape[axis]!, 1).toReversed()), x),
  MirrorPad: (graph: Graph, { x }: Unary, { paddings, mode }: MirrorPadAttrs) =>
    paddings.reduce((made, padding, axis) => pick(graph, made, axis, mirrored(x.shape[axis]!, padding, mode)), x),
  OneHot: (
    graph: Graph,
    { indices }: { readonly indices: Value },
    { depth, onValue, offValue, dtype }: OneHotAttrs,
  ) => {
    const element = elementOf(graph, dtype)
    const classes = graph.constant(range(0, depth, 1), { shape: [depth], element: indices.element })
    const hit = pointwise(graph, "Equal", [reshape(graph, indices, [...indices.shape, 1]), classes], "bool")
    return pointwise(graph, "Where", [hit, scalar(graph, onValue, element), scalar(graph, offValue, element)], element)
  },
  SpaceToBatchND: (graph: Graph, { x }: Unary, attributes: SpaceToBatchNDAttrs) => spaceToBatch(graph, x, attributes),
  BatchToSpaceND: (graph: Graph, { x }: Unary, attributes: BatchToSpaceNDAttrs) => batchToSpace(graph, x, attributes),
}
