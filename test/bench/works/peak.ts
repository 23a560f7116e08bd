// The machine's float32 GEMM peak, as ONNX Runtime reaches it: a product of two square matrices.
import * as tf from "@tensorflow/tfjs-core"
import { jit } from "../../../stages/tensor/jit.ts"
import { type Timing, least } from "../timing.ts"
import { drawn } from "./drawn.ts"

export const run = async ({ size }: { readonly size: number }): Promise<Timing> => {
  const inputs = { a: drawn([size, size]), b: drawn([size, size]) }
  const product = jit("product", ({ a, b }) => ({ c: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D) }), {
    dtype: "float32",
  })
  const seconds = await least(async (count) => {
    for (let i = 0; i < count; i++) await product(inputs)
  })
  return { seconds }
}
