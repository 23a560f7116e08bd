// The error function, activations, and losses as they trace.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { jit } from "../../../stages/tensor/jit.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { type Op, compareRoads, filled, numbers, tensor64 } from "./roads.ts"
import { compareSlopes } from "./slopes.ts"

const erf = ({ x }: Record<"x", tf.Tensor>): Record<"y", tf.Tensor> => ({ y: tf.erf(x) })

/** The power series of erf in terms of one sign, to 2.5; the continued fraction of 1 - erf beyond. */
const reference = (x: number): number => {
  const z = Math.abs(x)
  if (z > 2.5) {
    let fraction = 0
    for (let k = 200; k > 0; k--) fraction = k / 2 / (z + fraction)
    return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction))
  }
  let term = x
  let sum = x
  for (let k = 1; k < 100; k++) sum += term *= (2 * x * x) / (2 * k + 1)
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

test("erf has all digits near zero and fifteen behind the point elsewhere", async () => {
  const xs = [
    0,
    -0,
    1e-300,
    1e-10,
    -1e-5,
    0.1,
    -0.46874,
    0.46876,
    0.5,
    1,
    -1.5,
    2,
    3,
    -3.9,
    4,
    4.1,
    5,
    -5.9,
    6,
    7,
    30,
    -1e10,
    Infinity,
    -Infinity,
    ...numbers(1, 200, -5, 5),
  ]
  const { y } = await jit("erf", erf, { dtype: "float64" })({ x: tensor64([xs.length], xs) })
  for (const [i, x] of xs.entries()) {
    const size = Math.abs(x) < 0.46875 ? Math.abs(reference(x)) || 1 : 1
    expect(
      Math.abs(y.data[i]! - (Number.isFinite(x) ? reference(x) : Math.sign(x))) / size,
      `erf(${x})`,
    ).toBeLessThanOrEqual(agreement.erf)
  }
  // >>> math.erf(0.5), math.erf(1.0), math.erf(2.0) (CPython 3.11)
  const known = await jit("erf", erf, { dtype: "float64" })({ x: tensor64([4], [0.5, 1, 2, NaN]) })
  expectClose("CPython", known.y.data, [0.5204998778130465, 0.8427007929497149, 0.9953222650189527, NaN], agreement.erf)
})

test("erf has its slope on every road", async () => {
  await compareRoads("erf", (x) => tf.erf(x!), [filled(2, [7, 3], -3, 3)])
  await compareSlopes("second", (x) => tf.grad((x: tf.Tensor) => tf.erf(x))(x!), [filled(2, [7], -3, 3)])
})

const activations: Readonly<Record<string, Op>> = {
  relu6: (x) => tf.relu6(tf.mul(x!, 5)),
  elu: (x) => tf.elu(x!),
  leakyRelu: (x) => tf.leakyRelu(x!),
  "leakyRelu with slope 0.1": (x) => tf.leakyRelu(x!, 0.1),
  selu: (x) => tf.selu(x!),
  swish: (x) => tf.mul(x!, tf.sigmoid(x!)),
}

test.each(Object.entries(activations))("%s is the same on every road, and so is its slope", async (name, op) => {
  await compareRoads(name, op, [filled(3, [5, 4])])
  await compareSlopes(`${name}, second`, (x) => tf.mul(x!, tf.grad((x: tf.Tensor) => op(x))(x!)), [filled(3, [9])])
})

test("activations take zero, tiny, huge and infinite arguments as TF.js does", async () => {
  const xs = tensor64([10], [0, 1e-30, -1e-30, 1e-5, -1e-5, 1e30, -1e30, Infinity, -Infinity, 6])
  for (const [name, op] of Object.entries(activations))
    await compareRoads(
      name,
      (x) => tf.clipByValue(op(x!), -10, 10),
      [name === "swish" ? tensor64([6], xs.data.slice(0, 6)) : xs],
      false,
    )
})

const labels = [1, 0, 0, 0, 0, 1, 0, 1, 0]

const losses: Readonly<Record<string, Op>> = {
  "softmax cross-entropy": (x) => tf.losses.softmaxCrossEntropy(tf.tensor2d(labels, [3, 3]), x!),
  "softmax cross-entropy of one-hot labels": (x) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 2, 1], "int32"), 3), x!),
  "sigmoid cross-entropy": (x) => tf.losses.sigmoidCrossEntropy(tf.tensor2d(labels, [3, 3]), x!),
  "cross-entropy from logSoftmax": (x) =>
    tf.neg(tf.mean(tf.sum(tf.mul(tf.tensor2d(labels, [3, 3]), tf.logSoftmax(x as tf.Tensor2D)), 1))),
}

test.each(Object.entries(losses))("%s is the same on every road, and so is its gradient", async (name, op) => {
  await compareRoads(name, op, [filled(4, [3, 3])])
})

test("softmax, logSoftmax and cross-entropies stay finite for logits of any size", async () => {
  const extreme = tensor64([3, 3], [1e4, -1e4, 0, 1e4, 1e4, 1e4, -1e30, 0, 1e30])
  const ops = { softmax: (x: tf.Tensor) => tf.softmax(x), logSoftmax: (x: tf.Tensor) => tf.logSoftmax(x), ...losses }
  for (const [name, op] of Object.entries(ops))
    for (const dtype of ["float32", "float64"] as const) {
      const { y, g } = await jit(name, ({ x }: Record<"x", tf.Tensor>) => ({ y: op(x), g: tf.grad((x) => op(x))(x) }), {
        dtype,
      })({ x: extreme })
      expect([...y.data, ...g.data].every(Number.isFinite), `${name} in ${dtype}`).toBe(true)
    }
  const { y } = await jit("softmax", ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.softmax(x) }), { dtype: "float64" })({
    x: extreme,
  })
  expectClose("softmax", y.data, [1, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0, 1], tolerance.float64.op)
})
