// Cuts, joins and picks blocks along one axis; the code for windows is written with these functions. Knows nothing
// about TF.js kernels; shape.ts has those.
import type { Graph, Value } from "../graph.ts"
import { integers, reshape, scalar } from "./build.ts"

/** The same shape with another length along one axis. */
const resized = (x: Value, axis: number, length: number): ReadonlyArray<number> => x.shape.with(axis, length)

/** Elements [from, to) along `axis`. */
export const cut = (graph: Graph, x: Value, axis: number, from: number, to: number): Value =>
  from === 0 && to === x.shape[axis]
    ? x
    : graph.node("Slice", [x, integers(graph, [from]), integers(graph, [to]), integers(graph, [axis])], {
        shape: resized(x, axis, to - from),
        element: x.element,
      })

export const join = (graph: Graph, list: ReadonlyArray<Value>, axis: number): Value => {
  const [first] = list
  if (list.length === 1) return first!
  const length = list.reduce((sum, v) => sum + v.shape[axis]!, 0)
  return graph.node(
    "Concat",
    list,
    { shape: resized(first!, axis, length), element: first!.element },
    { axis: { i: axis } },
  )
}

export const permute = (graph: Graph, x: Value, perm: ReadonlyArray<number>): Value =>
  graph.node("Transpose", [x], { shape: perm.map((i) => x.shape[i]!), element: x.element }, { perm: { ints: perm } })

/** Stands for an index outside the axis. */
export const OUTSIDE = -1

/**
 * `x[…, at[0], …], x[…, at[1], …], …` along `axis`; the value is `beyond` where an index is OUTSIDE. Equal picks are
 * one node, whose result is kept until its last reader, unless their indices have different types.
 */
export const pick = (
  graph: Graph,
  x: Value,
  axis: number,
  at: ReadonlyArray<number>,
  beyond = 0,
  element: "int32" | "int64" = "int32",
): Value => {
  const length = x.shape[axis]!
  if (at.length === length && at.every((from, i) => from === i)) return x
  const indices = graph.constant(
    at.map((i) => (i === OUTSIDE ? length : i)),
    { shape: [at.length], element },
  )
  const form = { shape: resized(x, axis, at.length), element: x.element }
  if (!at.includes(OUTSIDE)) return graph.node("Gather", [x, indices], form, { axis: { i: axis } })
  const pads = integers(graph, [...x.shape.map(() => 0), ...x.shape.map((_, i) => (i === axis ? 1 : 0))])
  const longer = graph.node("Pad", [x, pads, scalar(graph, beyond, x.element)], {
    shape: resized(x, axis, length + 1),
    element: x.element,
  })
  return graph.node("Gather", [longer, indices], form, { axis: { i: axis } })
}

/** The sum over some axes; these axes are removed. */
export const total = (graph: Graph, x: Value, ...axes: ReadonlyArray<number>): Value => {
  const shape = x.shape.filter((_, i) => !axes.includes(i))
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(graph, x, shape)
  return graph.node("ReduceSum", [x, integers(graph, axes)], { shape, element: x.element }, { keepdims: { i: 0 } })
}
