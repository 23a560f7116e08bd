// Reductions of an axis other than sums: products, logic, positions of extremes, cumulative sums and products, and
// einsum. Knows nothing about gradients.
import {
  type AllAttrs,
  type ArgMaxAttrs,
  type CumprodAttrs,
  type CumsumAttrs,
  type EinsumAttrs,
  type ProdAttrs,
  backend_util,
  util,
} from "@tensorflow/tfjs-core"
import type { Element, Graph, Value } from "../graph.ts"
import { type Family, type Lowering, type Unary, cast, integers, pointwise, scalar } from "./build.ts"
import { cut } from "./layout.ts"

const axesOf = (x: Value, axis: number | number[]): ReadonlyArray<number> =>
  util.parseAxisParam(axis, [...x.shape]).sort((a, b) => a - b)

const fold = (graph: Graph, op: string, x: Value, axis: number | number[], keepDims: boolean): Value => {
  const axes = axesOf(x, axis)
  if (axes.length === 0) return x
  const shape = keepDims
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i))
  return graph.node(
    op,
    [x, integers(graph, axes)],
    { shape, element: x.element },
    { keepdims: { i: keepDims ? 1 : 0 } },
  )
}

const logical =
  (op: string): Lowering =>
  (graph: Graph, { x }: Unary, { axis, keepDims }: AllAttrs) =>
    cast(graph, fold(graph, op, cast(graph, x, "int32"), axis, keepDims), "bool")

/** Of equal extremes the first is taken, as in TF.js. */
const extreme =
  (op: string): Lowering =>
  (graph: Graph, { x }: Unary, { axis }: ArgMaxAttrs) => {
    const at = axesOf(x, axis)[0]!
    return cast(
      graph,
      graph.node(
        op,
        [x],
        { shape: x.shape.toSpliced(at, 1), element: "int64" as Element },
        { axis: { i: at }, keepdims: { i: 0 } },
      ),
      "int32",
    )
  }

/**
 * `x` shifted by `by` along an axis, towards its end or, in reverse, its start. The free places are filled with ones.
 */
const moved = (graph: Graph, x: Value, axis: number, by: number, reverse: boolean): Value => {
  const length = x.shape[axis]!
  const kept = reverse ? cut(graph, x, axis, by, length) : cut(graph, x, axis, 0, length - by)
  const pads = [
    ...x.shape.map((_, i) => (i === axis && !reverse ? by : 0)),
    ...x.shape.map((_, i) => (i === axis && reverse ? by : 0)),
  ]
  return graph.node("Pad", [kept, integers(graph, pads), scalar(graph, 1, x.element)], x)
}

/** ONNX has no cumulative product, so this takes log2(n) products with the array shifted by 1, 2, 4, … */
const runningProduct = (graph: Graph, x: Value, { axis, exclusive, reverse }: CumprodAttrs): Value => {
  const at = axesOf(x, axis)[0]!
  const length = x.shape[at]!
  let product = exclusive && length > 0 ? moved(graph, x, at, 1, reverse) : x
  for (let by = 1; by < length; by *= 2)
    product = pointwise(graph, "Mul", [product, moved(graph, product, at, by, reverse)])
  return product
}

export const folds: Family = {
  Prod: (graph: Graph, { x }: Unary, { axis, keepDims }: ProdAttrs) => fold(graph, "ReduceProd", x, axis, keepDims),
  All: logical("ReduceMin"),
  Any: logical("ReduceMax"),
  ArgMax: extreme("ArgMax"),
  ArgMin: extreme("ArgMin"),
  Cumsum: (graph: Graph, { x }: Unary, { axis, exclusive, reverse }: CumsumAttrs) =>
    graph.node("CumSum", [x, scalar(graph, axesOf(x, axis)[0]!, "int64")], x, {
      exclusive: { i: exclusive ? 1 : 0 },
      reverse: { i: reverse ? 1 : 0 },
    }),
  Cumprod: (graph: Graph, { x }: Unary, attributes: CumprodAttrs) => runningProduct(graph, x, attributes),
  Einsum: (graph: Graph, inputs: ReadonlyArray<Value>, { equation }: EinsumAttrs) => {
    const list = Object.values(inputs)
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, list.length)
    const sizes = new Map(idDims.flatMap((dims, i) => dims.map((dim, k) => [dim, list[i]!.shape[k]!] as const)))
    const shape = allDims.slice(0, allDims.length - summedDims.length).map((_, dim) => sizes.get(dim)!)
    return graph.node(
      "Einsum",
      list,
      { shape, element: list[0]!.element },
      { equation: { s: equation.replaceAll(" ", "") } },
    )
  },
}
