// The layer-wise tangent kernel against products of explicit Jacobians: those of TF.js' tape, one point at a time,
// and those of plain loops.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { jacobi } from "../../../stages/data/eigen.ts"
import { activations } from "../../../stages/net/activation.ts"
import { forward, grouped, groupOf } from "../../../stages/net/fc.ts"
import { tangentKernel } from "../../../stages/net/kernel.ts"
import { jit, type Dtype } from "../../../stages/tensor/jit.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { plainKernel, rowOf, somePoints, someWeights, type Name } from "./plain.ts"

const kernelOf = async (weights: Tensors, a: Tensor, b: Tensor, activation: Name, dtype: Dtype = "float64"): Promise<Tensor> => {
  const kernel = jit("kernel", (arrays) => ({ K: tangentKernel(groupOf("w", arrays), arrays["a"]!, arrays["b"]!, activations[activation]) }), { dtype })
  return (await kernel({ a, b, ...grouped("w", weights) }))["K"]!
}

/** The gradient of f at each point, by every weight in turn. */
const jacobian = async (weights: Tensors, x: Tensor, activation: Name): Promise<ReadonlyArray<Float64Array>> => {
  const names = Object.keys(weights)
  const gradient = jit("gradient", (arrays) => {
    const f = (...ws: Array<tf.Tensor>): tf.Tensor => tf.sum(forward(Object.fromEntries(names.map((name, i) => [name, ws[i]!])), arrays["x"]!, activations[activation]))
    return Object.fromEntries(tf.grads(f)(names.map((name) => arrays[`w.${name}`]!)).map((g, i) => [names[i]!, g]))
  }, { dtype: "float64" })
  const rows: Array<Float64Array> = []
  for (let i = 0; i < x.shape[0]!; i++) {
    const made = await gradient({ x: { shape: [1, x.shape[1]!], data: rowOf(x, i) }, ...grouped("w", weights) })
    rows.push(Float64Array.from(names.flatMap((name) => Array.from(made[name]!.data))))
  }
  return rows
}

for (const activation of ["softplus", "relu"] as const) {
  for (const depth of [1, 2, 5]) {
    test(`${activation}, ${depth} hidden layers: the kernel between two sets of points is the product of their Jacobians`, async () => {
      const weights = someWeights(10 + depth, 4, depth, 6)
      const [a, b] = [somePoints(1, 5, 4), somePoints(2, 3, 4)]
      const [left, right] = [await jacobian(weights, a, activation), await jacobian(weights, b, activation)]
      const expected = left.flatMap((one) => right.map((other) => one.reduce((sum, value, i) => sum + value * other[i]!, 0)))
      const kernel = await kernelOf(weights, a, b, activation)
      expect(kernel.shape).toEqual([5, 3])
      expectClose("TF.js' tape", kernel.data, expected, agreement.kernel)
      expectClose("plain loops", kernel.data, plainKernel(weights, a, b, activation), agreement.kernel)
    })
  }
}

test("float32 gives the same kernel to its own precision", async () => {
  const [weights, x] = [someWeights(3, 4, 3, 6), somePoints(3, 6, 4)]
  const [single, double] = [await kernelOf(weights, x, x, "softplus", "float32"), await kernelOf(weights, x, x, "softplus")]
  expectClose("kernel", single.data, double.data, tolerance.float32.net)
})

test("the kernel of a set of points with itself is symmetric and positive", async () => {
  // More points than weights (3 * 2 + 2 + 2 + 1 = 11), so that zero is among the eigenvalues.
  const [weights, x] = [someWeights(4, 3, 1, 2), somePoints(4, 15, 3)]
  const { data } = await kernelOf(weights, x, x, "softplus")
  expectClose("transposed", data, data.map((_, ij) => data[(ij % 15) * 15 + Math.floor(ij / 15)]!), agreement.kernel)
  const { values } = jacobi(Float64Array.from(data), 15)
  expect(values[10]! / values[0]!).toBeGreaterThan(agreement.kernel)
  expectClose("values", values.subarray(11).map((value) => value / values[0]!), [0, 0, 0, 0], agreement.kernel)
})

const one = (value: number, shape: ReadonlyArray<number>): Tensor => ({ shape, data: Float64Array.of(value) })

// One input, one ReLU: f = v sqrt(2) max(0, w x + b) + c, whose gradient for w x + b > 0 is sqrt(2) (v x, v, w x + b) and 1.
test("the kernel of one unit is what one computes by hand", async () => {
  const weights = { W0: one(2, [1, 1]), B0: one(1, [1]), W1: one(3, [1, 1]), B1: one(0, [1]) }
  const [a, b] = [{ shape: [2, 1], data: Float64Array.of(1, -5) }, { shape: [1, 1], data: Float64Array.of(4) }]
  const { data } = await kernelOf(weights, a, b, "relu")
  // At -5 the unit is off, and only the last bias is left.
  expectClose("kernel", data, [2 * (3 * 1 * 3 * 4 + 3 * 3 + 3 * 9) + 1, 1], tolerance.float64.op)
})
