// The roads on which a TF.js function and its gradient are computed: compiled float64, compiled float32 with and
// without blocked convolutions, TF.js `cpu`, and central differences of the compiled float64 value.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../../pipeline/stage.ts"
import { type Compiled, jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"

export type Op = (...xs: tf.Tensor[]) => tf.Tensor

export const tensor64 = (shape: ReadonlyArray<number>, data: ArrayLike<number>): Tensor => ({
  shape,
  data: Float64Array.from(data),
})

/** Numbers in (low, high) from a fixed sequence; `seed` starts it. */
export const numbers = (seed: number, count: number, low = -2, high = 2): Float64Array => {
  let state = seed * 7919 + 1
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return low + (high - low) * (state / 2147483647)
  })
}

export const filled = (seed: number, shape: ReadonlyArray<number>, low?: number, high?: number): Tensor =>
  tensor64(
    shape,
    numbers(
      seed,
      shape.reduce((a, b) => a * b, 1),
      low,
      high,
    ),
  )

const named = (xs: ReadonlyArray<Tensor>): Record<string, Tensor> => Object.fromEntries(xs.map((x, i) => [`x${i}`, x]))

/** `y` = op(x0, x1, …); with gradients, also g0, g1, … of a fixed weighted sum of y, which is `loss`. */
const program =
  (op: Op, gradients: boolean) =>
  (inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
    const xs = Object.keys(inputs)
      .sort()
      .map((name) => inputs[name]!)
    const y = op(...xs)
    if (!gradients) return { y }
    const weights = tf.tensor(
      Array.from({ length: y.size }, (_, i) => ((i * 5) % 8) / 8 - 0.25),
      y.shape,
    )
    const { value, grads } = tf.valueAndGrads((...xs: tf.Tensor[]) => tf.sum(tf.mul(op(...xs), weights)) as tf.Scalar)(
      xs,
    )
    return { y, loss: value, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) }
  }

/** A change of 1e-5 per element leaves an error of about 1e-10 in the curvature and 1e-11 in the rounding. */
const STEP = 1e-5

const differences = async (f: Compiled, xs: ReadonlyArray<Tensor>, k: number): Promise<Float64Array> => {
  const slope = new Float64Array(xs[k]!.data.length)
  for (let i = 0; i < slope.length; i++) {
    const at = async (change: number): Promise<number> => {
      const moved = Float64Array.from(xs[k]!.data)
      moved[i] = moved[i]! + change
      return (await f(named(xs.with(k, tensor64(xs[k]!.shape, moved)))))["loss"]!.data[0]!
    }
    slope[i] = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP)
  }
  return slope
}

/** Computes `op` on all roads and compares them; the gradient with respect to float inputs too unless told not to. */
export const compareRoads = async (
  name: string,
  op: Op,
  xs: ReadonlyArray<Tensor>,
  gradients = true,
): Promise<void> => {
  const fn = program(op, gradients)
  const f64 = jit(name, fn, { dtype: "float64" })
  const rounded = xs.map((x) =>
    x.data instanceof Float64Array ? { shape: x.shape, data: Float32Array.from(x.data) } : x,
  )
  const exact = await f64(named(rounded))
  const singles = {
    float32: await jit(name, fn, { dtype: "float32" })(named(rounded)),
    "float32 without blocks": await jit(name, fn, { dtype: "float32", blocked: false })(named(rounded)),
  }
  const eager = await jit(name, fn, { dtype: "float32", backend: "cpu" })(named(rounded))
  for (const key of Object.keys(exact)) {
    const within = key === "y" ? "op" : "gradient"
    if (exact[key]!.shape.join() !== eager[key]!.shape.join())
      throw new Error(`${name} ${key}: [${exact[key]!.shape.join()}] against [${eager[key]!.shape.join()}]`)
    for (const [road, single] of Object.entries(singles)) {
      expectClose(
        `${name} ${key}: ${road} against TF.js`,
        single[key]!.data,
        eager[key]!.data,
        tolerance.float32[within],
      )
      expectClose(
        `${name} ${key}: ${road} against float64`,
        single[key]!.data,
        exact[key]!.data,
        tolerance.float32[within],
      )
    }
  }
  if (!gradients) return
  const accurate = await f64(named(xs))
  for (const k of xs.keys()) {
    expectClose(
      `${name} gradient ${k}: against differences`,
      accurate[`g${k}`]!.data,
      await differences(f64, xs, k),
      tolerance.float64.differences,
    )
  }
}
