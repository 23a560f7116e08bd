// Building blocks of lowerings: constants, casts, reshapes, and elementwise nodes that broadcast. A broadcast stays
// unexpanded as long as only elementwise nodes read it. Knows nothing about TF.js kernels.
import { broadcast_util, util } from "@tensorflow/tfjs-core"
import { Refusal } from "../error.ts"
import type { Element, Graph, Value } from "../graph.ts"

/** Lowers one TF.js kernel to ONNX nodes; `never` lets each entry declare its own inputs and attributes. */
export type Lowering = (graph: Graph, inputs: never, attributes: never) => Value | ReadonlyArray<Value>
/** Lowerings by the name of the TF.js kernel. */
export interface Family {
  readonly [kernel: string]: Lowering
}
export interface Unary {
  readonly x: Value
}
export interface Binary {
  readonly a: Value
  readonly b: Value
}

export const scalar = (graph: Graph, x: number, element: Element = graph.dtype): Value =>
  graph.constant([x], { shape: [], element })

/** A list of integers (a shape, a list of axes) as ONNX takes it. */
export const integers = (graph: Graph, list: ReadonlyArray<number>): Value =>
  graph.constant(list, { shape: [list.length], element: "int64" })

const same = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

export const cast = (graph: Graph, x: Value, element: Element): Value => {
  if (x.element === element) return x
  if (x.op === "Constant" && x.shape.length === 0 && element !== "bool" && element !== "int32")
    return scalar(graph, x.data[0]!, element)
  return graph.node("Cast", [x], { shape: x.shape, element }, { to: { s: element } })
}

/** The input of an Expand; any other value itself. */
export const unexpanded = (x: Value): Value => (x.op === "Expand" ? x.inputs[0]! : x)

export const reshape = (graph: Graph, x: Value, shape: ReadonlyArray<number>): Value => {
  if (util.sizeFromShape([...shape]) !== util.sizeFromShape([...x.shape])) {
    throw new Refusal("Shape", `[${x.shape.join()}] does not reshape to [${shape.join()}]`)
  }
  if (same(x.shape, shape)) return x
  const source = x.op === "Reshape" ? x.inputs[0]! : x
  if (same(source.shape, shape)) return source
  const whole = unexpanded(source)
  if (whole.shape.length === 0) return expand(graph, whole, shape)
  return graph.node("Reshape", [source, integers(graph, shape)], { shape, element: x.element })
}

/** `x` broadcast to `shape`; elementwise readers read `x` itself. */
export const expand = (graph: Graph, x: Value, shape: ReadonlyArray<number>): Value =>
  same(x.shape, shape) ? x : graph.node("Expand", [x, integers(graph, shape)], { shape, element: x.element })

/** The number that every element of `x` equals, if that number is known while tracing. */
export const uniform = (x: Value): number | undefined => {
  const { op, shape, data } = unexpanded(x)
  return op === "Constant" && shape.length === 0 ? data[0] : undefined
}

const broadcast = (values: ReadonlyArray<Value>): ReadonlyArray<number> => {
  try {
    return values.map((v) => [...v.shape]).reduce((a, b) => broadcast_util.assertAndGetBroadcastShape(a, b))
  } catch {
    throw new Refusal("Shape", `shapes ${values.map((v) => `[${v.shape.join()}]`).join(" and ")} do not broadcast`)
  }
}

/** An elementwise node over broadcast inputs; `element` is by default that of the first input. */
export const pointwise = (
  graph: Graph,
  op: string,
  inputs: ReadonlyArray<Value>,
  element: Element = inputs[0]!.element,
): Value => {
  const shape = broadcast(inputs)
  const sources = inputs.map(unexpanded)
  return expand(graph, graph.node(op, sources, { shape: broadcast(sources), element }), shape)
}
