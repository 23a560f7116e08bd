// Elementwise arithmetic with one ONNX operator each, and the four operations without their neutral elements: TF.js'
// gradients multiply by ones and add zeros, and each such pass would cost as much as a useful one.
import type { StepAttrs, ClipByValueAttrs } from "@tensorflow/tfjs-core"
import type { Graph, Value } from "../graph.ts"
import {
  type Binary,
  type Family,
  type Lowering,
  type Unary,
  cast,
  expand,
  pointwise,
  scalar,
  uniform,
} from "./build.ts"

const unary =
  (op: string): Lowering =>
  (graph: Graph, { x }: Unary) =>
    pointwise(graph, op, [x])
const binary =
  (op: string): Lowering =>
  (graph: Graph, { a, b }: Binary) =>
    pointwise(graph, op, [a, b])

/** `kept`, broadcast to the shape of `kept op neutral`. */
const without = (graph: Graph, kept: Value, neutral: Value): Value =>
  expand(graph, kept, pointwise(graph, "Add", [kept, neutral]).shape)

export const add = (graph: Graph, a: Value, b: Value): Value => {
  if (uniform(a) === 0) return without(graph, b, a)
  return uniform(b) === 0 ? without(graph, a, b) : pointwise(graph, "Add", [a, b])
}

const multiply = (graph: Graph, a: Value, b: Value): Value => {
  if (uniform(a) === 1) return without(graph, b, a)
  return uniform(b) === 1 ? without(graph, a, b) : pointwise(graph, "Mul", [a, b])
}

export const arithmetic: Family = {
  Add: (graph: Graph, { a, b }: Binary) => add(graph, a, b),
  AddN: (graph: Graph, inputs: ReadonlyArray<Value>) => Object.values(inputs).reduce((a, b) => add(graph, a, b)),
  Sub: (graph: Graph, { a, b }: Binary) => (uniform(b) === 0 ? without(graph, a, b) : pointwise(graph, "Sub", [a, b])),
  Multiply: (graph: Graph, { a, b }: Binary) => multiply(graph, a, b),
  RealDiv: (graph: Graph, { a, b }: Binary) =>
    uniform(b) === 1 ? without(graph, a, b) : pointwise(graph, "Div", [a, b]),
  SquaredDifference: (graph: Graph, { a, b }: Binary) => {
    const difference = pointwise(graph, "Sub", [a, b])
    return pointwise(graph, "Mul", [difference, difference])
  },
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Pow: binary("Pow"),
  Neg: unary("Neg"),
  Abs: unary("Abs"),
  Sqrt: unary("Sqrt"),
  Sign: unary("Sign"),
  Relu: unary("Relu"),
  Sin: unary("Sin"),
  Cos: unary("Cos"),
  Reciprocal: unary("Reciprocal"),
  Square: (graph: Graph, { x }: Unary) => pointwise(graph, "Mul", [x, x]),
  Rsqrt: (graph: Graph, { x }: Unary) => pointwise(graph, "Reciprocal", [pointwise(graph, "Sqrt", [x])]),
  Step: (graph: Graph, { x }: Unary, { alpha }: StepAttrs) => {
    const positive = pointwise(graph, "Greater", [x, cast(graph, scalar(graph, 0), x.element)], "bool")
    // Takes half of the time of a Where, and every gradient of a ReLU has a step.
    if (alpha === 0) return cast(graph, positive, graph.dtype)
    return pointwise(graph, "Where", [positive, scalar(graph, 1), scalar(graph, alpha)], graph.dtype)
  },
  ClipByValue: (graph: Graph, { x }: Unary, { clipValueMin, clipValueMax }: ClipByValueAttrs) =>
    pointwise(graph, "Min", [
      pointwise(graph, "Max", [x, scalar(graph, clipValueMin, x.element)]),
      scalar(graph, clipValueMax, x.element),
    ]),
}
