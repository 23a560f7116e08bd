// Denormals of float32: cleared between calls, and of no consequence.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { withoutDenormals } from "../../../stages/tensor/denormal.ts"
import { optimizerOf } from "../../../stages/dynamics/descend/optimizer.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import type { State } from "../../../stages/tensor/step.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"

const SMALLEST = 2 ** -126

test("denormals become zero, and no other number changes", () => {
  const numbers = [1, -1, 0, SMALLEST, -SMALLEST, 3.4e38, Infinity, Number.NaN]
  const data = Float32Array.from([...numbers, SMALLEST / 2, -SMALLEST / 2, 2 ** -149])
  const given = {
    data: { shape: [11], data },
    double: { shape: [1], data: Float64Array.of(SMALLEST / 2) },
    whole: { shape: [2], data: Int32Array.of(1, 2) },
    normal: { shape: [8], data: Float32Array.from(numbers) },
  }
  const made = withoutDenormals(given)
  expect(made["data"]!.data).toEqual(Float32Array.of(...numbers, 0, 0, 0))
  expect(data[8]).toBe(SMALLEST / 2)
  for (const name of ["double", "whole", "normal"] as const) expect(made[name]!.data).toBe(given[name].data)
})

test.each(["onnx", "cpu"] as const)(
  "%s: a running mean falls to zero and does not stay at a denormal",
  async (backend) => {
    const fall = iterate<"mean", "none", never, never>(
      "fall",
      ({ arrays, scalars }, s) => ({
        arrays: { mean: tf.mul(arrays.mean, 0.9) },
        scalars,
        more: s.less(0, 1),
        row: {},
      }),
      { dtype: "float32", backend },
    )
    const start = { mean: { shape: [3], data: Float32Array.of(1, 1e-30, SMALLEST / 2) } }
    let state: State<"mean", "none"> = { arrays: start, scalars: { none: 0 } }
    for (const trips of [0, 500, 500]) ({ state } = await fall(state, {}, trips))
    expect([...state.arrays.mean.data]).toEqual([0, 0, 0])
    expect(start.mean.data[2]).toBe(SMALLEST / 2)
    let stuck = 1
    for (let i = 0; i < 5000; i++) stuck = Math.fround(stuck * Math.fround(0.9))
    expect(stuck).toBeGreaterThan(0)
  },
)

/** A gradient that is zero from the third step on: then the running means only decay. */
const gradientAt = (step: tf.Tensor): tf.Tensor =>
  tf.mul(tf.cast(tf.less(step, 3), "float32"), tf.tensor1d([1, -0.5, 2 ** -40, 0.25]))

const adam = optimizerOf({ kind: "adam-pytorch", beta1: 0.9, beta2: 0.99, epsilon: 1e-8 })

const trained = async (dtype: "float32" | "float64") => {
  const descent = iterate<"w" | "mean" | "square", "count", never, never>(
    "descent",
    ({ arrays, scalars }, s) => {
      const count = s.add(scalars.count, 1)
      const { w, slots } = adam.step({
        w: arrays.w,
        g: gradientAt(s.float(count)),
        slots: { mean: arrays.mean, square: arrays.square },
        lr: s.float(0.01),
        count: s.float(count),
      })
      return {
        arrays: { w, mean: slots["mean"]!, square: slots["square"]! },
        scalars: { count },
        more: s.less(0, 1),
        row: {},
      }
    },
    { dtype },
  )
  const zeros = { shape: [4], data: new Float64Array(4) }
  let state: State<"w" | "mean" | "square", "count"> = {
    arrays: { w: zeros, mean: zeros, square: zeros },
    scalars: { count: 0 },
  }
  for (let call = 0; call < 12; call++) ({ state } = await descent(state, {}, 1000))
  return state.arrays
}

test("a training whose means become denormals ends where one in float64 ends", async () => {
  const [single, double] = [await trained("float32"), await trained("float64")]
  expectClose("weights", single.w.data, double.w.data, tolerance.float32.net)
  for (const slot of ["mean", "square"] as const)
    expect([...single[slot].data].filter((value) => value !== 0 && Math.abs(value) < SMALLEST)).toEqual([])
})
