// Ops that move, cut, join, repeat or retype elements without computing. Knows nothing about windows.
import {
  type CastAttrs,
  type ConcatAttrs,
  type DataType,
  type ExpandDimsAttrs,
  type FillAttrs,
  type GatherV2Attrs,
  type PackAttrs,
  type PadV2Attrs,
  type ReshapeAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  type StridedSliceAttrs,
  type TileAttrs,
  type TransposeAttrs,
  type UnpackAttrs,
  type UnsortedSegmentSumAttrs,
  backend_util,
  slice_util,
  util,
} from "@tensorflow/tfjs-core"
import { Refusal } from "../error.ts"
import type { Element, Graph, Value } from "../graph.ts"
import { type Family, type Unary, cast, expand, integers, reshape, scalar } from "./build.ts"

/** The element type in this graph for a TF.js type. */
export const elementOf = (graph: Graph, dtype: DataType): Element => {
  if (dtype === "float32") return graph.dtype
  if (dtype === "int32" || dtype === "bool") return dtype
  throw new Refusal("Dtype", `type ${dtype} is not supported`)
}

/** One number per axis. */
type Shape = ReadonlyArray<number>

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** Steps may be negative; then `end` is below `begin`. */
const slice = (graph: Graph, x: Value, begin: Shape, end: Shape, step: Shape, shape: Shape): Value => {
  const axes = x.shape.map((_, i) => i).filter((i) => begin[i] !== 0 || end[i] !== x.shape[i] || step[i] !== 1)
  if (axes.length === 0) return x
  const at = (list: Shape): Value =>
    integers(
      graph,
      axes.map((i) => list[i]!),
    )
  return graph.node("Slice", [x, at(begin), at(end), integers(graph, axes), at(step)], { shape, element: x.element })
}

const ones = (x: Value): Shape => x.shape.map(() => 1)

/** Cuts `x` into parts of the given sizes along one axis. */
const split = (graph: Graph, x: Value, sizes: ReadonlyArray<number>, axis: number): ReadonlyArray<Value> => {
  let from = 0
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? from : 0))
    const shape = x.shape.map((n, i) => (i === axis ? size : n))
    from += size
    return slice(
      graph,
      x,
      begin,
      begin.map((b, i) => b + shape[i]!),
      ones(x),
      shape,
    )
  })
}

const concat = (graph: Graph, list: ReadonlyArray<Value>, axis: number): Value => {
  const [first] = list
  if (first === undefined || list.length === 1) return first!
  const length = list.reduce((sum, v) => sum + v.shape[axis]!, 0)
  const shape = first.shape.map((n, i) => (i === axis ? length : n))
  return graph.node("Concat", list, { shape, element: first.element }, { axis: { i: axis } })
}

const stridedSlice = (graph: Graph, x: Value, attributes: StridedSliceAttrs): Value => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes
  const cut = slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  )
  const shape = slice_util.computeOutShape(cut.begin, cut.end, cut.strides)
  // An end of -1 would count from the end. A cut with a negative step that includes element 0 must end below every
  // index.
  const stop = cut.end.map((e, i) => (cut.strides[i]! < 0 && e < 0 ? -x.shape[i]! - 1 : e))
  return reshape(graph, slice(graph, x, cut.begin, stop, cut.strides, shape), cut.finalShape)
}

const gather = (graph: Graph, x: Value, indices: Value, { axis, batchDims }: GatherV2Attrs): Value => {
  if (batchDims !== 0) throw new Refusal("UnknownOp", "batchDims is not lowered")
  const at = axisOf(axis, x.shape.length)
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)]
  return graph.node("Gather", [x, indices], { shape, element: x.element }, { axis: { i: at } })
}

/** Adds the rows of `x` (k, …) into `numSegments` rows by their ids (k); the gradient of gather. */
const segmentSum = (graph: Graph, x: Value, ids: Value, numSegments: number): Value => {
  const form = { shape: [numSegments, ...x.shape.slice(1)], element: x.element }
  const at = cast(graph, reshape(graph, ids, [x.shape[0]!, 1]), "int64")
  return graph.node("ScatterND", [expand(graph, scalar(graph, 0, x.element), form.shape), at, x], form, {
    reduction: { s: "add" },
  })
}

/** Repeating an axis of length 1 is a broadcast, which costs elementwise readers nothing. */
const tile = (graph: Graph, x: Value, reps: ReadonlyArray<number>): Value => {
  const shape = x.shape.map((n, i) => n * reps[i]!)
  if (x.shape.every((n, i) => n === 1 || reps[i] === 1)) return expand(graph, x, shape)
  return graph.node("Tile", [x, integers(graph, reps)], { shape, element: x.element })
}

export const shapes: Family = {
  Identity: (_: Graph, { x }: Unary) => x,
  Cast: (graph: Graph, { x }: Unary, { dtype }: CastAttrs) => cast(graph, x, elementOf(graph, dtype)),
  Reshape: (graph: Graph, { x }: Unary, { shape }: ReshapeAttrs) =>
    reshape(graph, x, util.inferFromImplicitShape(shape, util.sizeFromShape([...x.shape]))),
  ExpandDims: (graph: Graph, { input }: { readonly input: Value }, { dim }: ExpandDimsAttrs) =>
    reshape(graph, input, input.shape.toSpliced(axisOf(dim, input.shape.length + 1), 0, 1)),
  Transpose: (graph: Graph, { x }: Unary, { perm }: TransposeAttrs) =>
    graph.node("Transpose", [x], { shape: perm.map((i) => x.shape[i]!), element: x.element }, { perm: { ints: perm } }),
  Slice: (graph: Graph, { x }: Unary, { begin, size }: SliceAttrs) => {
    const [start, shape] = slice_util.parseSliceParams({ shape: [...x.shape] } as never, begin, size)
    return slice(
      graph,
      x,
      start!,
      start!.map((b, i) => b + shape![i]!),
      ones(x),
      shape!,
    )
  },
  StridedSlice: (graph: Graph, { x }: Unary, attributes: StridedSliceAttrs) => stridedSlice(graph, x, attributes),
  SplitV: (graph: Graph, { x }: Unary, { numOrSizeSplits, axis }: SplitVAttrs) => {
    const at = axisOf(axis, x.shape.length)
    return split(graph, x, backend_util.prepareSplitSize({ shape: [...x.shape] } as never, numOrSizeSplits, at), at)
  },
  Unpack: (graph: Graph, { value }: { readonly value: Value }, { axis }: UnpackAttrs) => {
    const at = axisOf(axis, value.shape.length)
    const parts = split(
      graph,
      value,
      Array.from({ length: value.shape[at]! }, () => 1),
      at,
    )
    return parts.map((part) => reshape(graph, part, value.shape.toSpliced(at, 1)))
  },
  Concat: (graph: Graph, inputs: ReadonlyArray<Value>, { axis }: ConcatAttrs) => {
    const list = Object.values(inputs)
    return concat(graph, list, axisOf(axis, list[0]!.shape.length))
  },
  Pack: (graph: Graph, inputs: ReadonlyArray<Value>, { axis }: PackAttrs) => {
    const list = Object.values(inputs)
    const at = axisOf(axis, list[0]!.shape.length + 1)
    return concat(
      graph,
      list.map((v) => reshape(graph, v, v.shape.toSpliced(at, 0, 1))),
      at,
    )
  },
  PadV2: (graph: Graph, { x }: Unary, { paddings, constantValue }: PadV2Attrs) => {
    const shape = x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1])
    const pads = integers(graph, [...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])])
    return graph.node("Pad", [x, pads, scalar(graph, constantValue, x.element)], { shape, element: x.element })
  },
  GatherV2: (graph: Graph, { x, indices }: Unary & { readonly indices: Value }, attributes: GatherV2Attrs) =>
    gather(graph, x, indices, attributes),
  UnsortedSegmentSum: (
    graph: Graph,
    { x, segmentIds }: Unary & { readonly segmentIds: Value },
    { numSegments }: UnsortedSegmentSumAttrs,
  ) => segmentSum(graph, x, segmentIds, numSegments),
  Tile: (graph: Graph, { x }: Unary, { reps }: TileAttrs) => tile(graph, x, reps),
  Fill: (graph: Graph, _: object, { shape, value, dtype }: FillAttrs) =>
    expand(graph, scalar(graph, Number(value), elementOf(graph, dtype)), shape),
  ZerosLike: (graph: Graph, { x }: Unary) => expand(graph, scalar(graph, 0, x.element), x.shape),
  OnesLike: (graph: Graph, { x }: Unary) => expand(graph, scalar(graph, 1, x.element), x.shape),
}
