// Exchanges float64 scalars with the tensors of a function: reads scalars from tensors, makes tensors from scalars, and
// makes conditions. In a traced function a scalar is a float64 value of the graph, even in a float32 graph; in an eager
// run a scalar is a JavaScript number. Knows nothing about steps.
import * as tf from "@tensorflow/tfjs-core"
import { tensorOf, valueOf } from "./backend.ts"
import { type Doubles, numbers } from "./double.ts"
import { Refusal } from "./error.ts"
import type { Element, Form, Graph, Value } from "./graph.ts"
import { cast, reshape, scalar } from "./ops/build.ts"

export interface Exchange<D, B> extends Doubles<D, B> {
  /** The only element of a tensor. */
  readonly read: (tensor: tf.Tensor) => D
  /** The scalar as a tensor, rounded to the dtype of the tensors. */
  readonly float: (x: D | number) => tf.Scalar
  /**
   * The condition of a tf.where. In a compiled function the side that is not taken is not computed, nor are values that
   * only that side needs.
   */
  readonly bool: (condition: B) => tf.Scalar
}

/** The form of a float64 scalar, which keeps all digits. */
export const DOUBLE: Form = { shape: [], element: "float64" }

const single = ({ size, shape }: tf.Tensor): void => {
  if (size !== 1) throw new Refusal("Shape", `a scalar is read from one element, not from [${shape.join()}]`)
}

/** Scalars as values of `graph`. */
export const traced = (graph: Graph): Exchange<Value, Value> => {
  const valueFor = (x: Value | number): Value => (typeof x === "number" ? scalar(graph, x, "float64") : x)
  const binary =
    (op: string, element: Element = "float64") =>
    (a: Value | number, b: Value | number): Value =>
      graph.node(op, [valueFor(a), valueFor(b)], { shape: [], element })
  return {
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    div: binary("Div"),
    pow: binary("Pow"),
    less: binary("Less", "bool"),
    equal: binary("Equal", "bool"),
    and: binary("And", "bool"),
    not: (a) => graph.node("Not", [a], a),
    choose: (condition, yes, no) => graph.node("Where", [condition, valueFor(yes), valueFor(no)], DOUBLE),
    read: (tensor) => {
      single(tensor)
      return cast(graph, reshape(graph, valueOf(tensor), []), "float64")
    },
    float: (x) => tensorOf(cast(graph, valueFor(x), graph.dtype)) as tf.Scalar,
    bool: (condition) => tensorOf(condition) as tf.Scalar,
  }
}

/** Scalars as JavaScript numbers. */
export const eager: Exchange<number, boolean> = {
  ...numbers,
  read: (tensor) => {
    single(tensor)
    return tensor.dataSync()[0]!
  },
  float: (x) => tf.scalar(x),
  bool: (condition) => tf.scalar(condition, "bool"),
}
