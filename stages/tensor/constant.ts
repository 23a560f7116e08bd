// Exact constants. `tf.scalar(0.1)` and `tf.mul(x, 0.1)` round to float32 before any backend sees them, so a float64
// function would compute with 0.10000000149. Tracing refuses such constants; `constant` keeps all digits. Knows nothing
// about how a constant is used.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { backend, tensorOf } from "./backend.ts"
import type { Dtype } from "./graph.ts"

/**
 * A float constant with all its digits, inside a function given to `jit`: `tf.mul(x, constant(0.1))`. A number gives a
 * scalar; a Tensor gives a tensor of the same shape. In an eager run the constant is rounded to float32, like every
 * float there.
 */
export const constant = (x: number | Tensor): tf.Tensor => {
  const { shape, data } = typeof x === "number" ? { shape: [], data: [x] } : x
  if (!backend.active) return tf.tensor(Float32Array.from(data), [...shape], "float32")
  return tensorOf(backend.graph.constant(data, { shape, element: backend.graph.dtype }))
}

/** The dtype of floats at this point: that of the function being traced, or float32 in an eager run. */
export const precision = (): Dtype => (backend.active ? backend.graph.dtype : "float32")
