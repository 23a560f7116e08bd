// Gradients on the roads that do not pass TF.js' kernels, for ops whose gradient TF.js lacks or gets wrong: compiled
// float64 against central differences of its own value, and compiled float32 against compiled float64.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../../pipeline/stage.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { type Op, numbers, tensor64 } from "./roads.ts"

const STEP = 1e-5

const named = (xs: ReadonlyArray<Tensor>): Record<string, Tensor> => Object.fromEntries(xs.map((x, i) => [`x${i}`, x]))

/** A weighted sum of the elements; the weights are short fractions, no two neighbours alike. */
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(
    tf.mul(
      y,
      tf.tensor(
        Array.from({ length: y.size }, (_, i) => ((i * 5) % 8) / 8 - 0.25),
        y.shape,
      ),
    ),
  )

const program =
  (op: Op) =>
  (inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
    const { value, grads } = tf.valueAndGrads((...xs: tf.Tensor[]) => weighted(op(...xs)))(
      Object.keys(inputs)
        .sort()
        .map((name) => inputs[name]!),
    )
    return { loss: value, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) }
  }

/**
 * Compares the slope along three directions for each input with differences, and every element with float32.
 * The op of a gradient compares second derivatives.
 */
export const compareSlopes = async (name: string, op: Op, xs: ReadonlyArray<Tensor>): Promise<void> => {
  const f64 = jit(name, program(op), { dtype: "float64" })
  const exact = await f64(named(xs))
  const single = await jit(name, program(op), { dtype: "float32" })(named(xs))
  for (const [k, x] of xs.entries()) {
    const slopes = exact[`g${k}`]!.data
    expectClose(
      `${name} gradient ${k}: float32 against float64`,
      single[`g${k}`]!.data,
      slopes,
      tolerance.float32.gradient,
    )
    for (const seed of [61, 62, 63]) {
      const direction = numbers(seed, x.data.length, -1, 1)
      const at = async (step: number): Promise<number> =>
        (
          await f64(
            named(
              xs.with(
                k,
                tensor64(
                  x.shape,
                  Float64Array.from(x.data, (v, i) => v + step * direction[i]!),
                ),
              ),
            ),
          )
        )["loss"]!.data[0]!
      const along = direction.reduce((sum, d, i) => sum + d * slopes[i]!, 0)
      expectClose(
        `${name} gradient ${k}: against differences`,
        [along],
        [((await at(STEP)) - (await at(-STEP))) / (2 * STEP)],
        tolerance.float64.differences,
      )
    }
  }
}
