// The layer-wise tangent kernel against products of explicit Jacobians: those of TF.js' tape, one point at a time,
// and those of plain loops.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { symmetricEigen } from "../../../stages/algebra/eigen.ts"
import { groupOf, grouped } from "../../../stages/net/group.ts"
import { kernelOf } from "../../../stages/net/kernel.ts"
import { planOf } from "../../../stages/net/kernel-plan.ts"
import { type Model, initial } from "../../../stages/net/model.ts"
import { cnn } from "../../../stages/net/models/cnn.ts"
import { fc } from "../../../stages/net/models/fc.ts"
import { forward } from "../../../stages/net/forward.ts"
import { jit, type Dtype } from "../../../stages/tensor/jit.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { plainKernel, somePoints, someWeights, type Name } from "./plain.ts"

/** The net that weights of plain.ts are of. */
const netOf = (weights: Tensors, activation: Name): Model => {
  const [inputs, width] = weights["W0"]!.shape as readonly [number, number]
  return fc({ inputs, width, depth: Object.keys(weights).length / 2 - 1, activation })
}
const kernel = (weights: Tensors, a: Tensor, b: Tensor, activation: Name, dtype: Dtype = "float64"): Promise<Tensor> =>
  kernelOf(netOf(weights, activation), { dtype })(weights, a, b)

/** The gradient of each output at each point, by every weight in turn. */
const jacobian = async (
  model: Model,
  weights: Tensors,
  x: Tensor,
  output = 0,
): Promise<ReadonlyArray<Float64Array>> => {
  const names = Object.keys(weights)
  const gradient = jit(
    "gradient",
    (arrays) => {
      const f = (...ws: Array<tf.Tensor>): tf.Tensor => {
        const made = forward(
          model,
          { ...groupOf("w", arrays), ...Object.fromEntries(names.map((name, i) => [name, ws[i]!])) },
          arrays["x"]!,
        )
        return tf.sum(made.rank === 1 ? made : tf.slice(made, [0, output], [1, 1]))
      }
      return Object.fromEntries(
        tf
          .grads(f)(names.map((name) => arrays[`w.${name}`]!))
          .map((g, i) => [names[i]!, g]),
      )
    },
    { dtype: "float64" },
  )
  const rows: Array<Float64Array> = []
  const [n, ...rest] = x.shape as [number, ...Array<number>]
  const size = rest.reduce((product, length) => product * length, 1)
  for (let i = 0; i < n; i++) {
    const made = await gradient({
      x: { shape: [1, ...rest], data: x.data.subarray(i * size, (i + 1) * size) },
      ...grouped("w", weights),
    })
    rows.push(Float64Array.from(names.flatMap((name) => Array.from(made[name]!.data))))
  }
  return rows
}

const productOf = (left: ReadonlyArray<Float64Array>, right: ReadonlyArray<Float64Array>): ReadonlyArray<number> =>
  left.flatMap((one) => right.map((other) => one.reduce((sum, value, i) => sum + value * other[i]!, 0)))

for (const activation of ["softplus", "relu"] as const) {
  for (const depth of [1, 2, 5]) {
    test(
      `${activation}, ${depth} hidden layers: the kernel between two sets of points is the product of their ` +
        "Jacobians",
      async () => {
        const weights = someWeights(10 + depth, 4, depth, 6)
        const [a, b] = [somePoints(1, 5, 4), somePoints(2, 3, 4)]
        const net = netOf(weights, activation)
        const K = await kernel(weights, a, b, activation)
        expect(K.shape).toEqual([5, 3])
        expectClose(
          "TF.js' tape",
          K.data,
          productOf(await jacobian(net, weights, a), await jacobian(net, weights, b)),
          agreement.kernel,
        )
        expectClose("plain loops", K.data, plainKernel(weights, a, b, activation), agreement.kernel)
      },
    )
  }
}

test("float32 gives the same kernel to its own precision", async () => {
  const [weights, x] = [someWeights(3, 4, 3, 6), somePoints(3, 6, 4)]
  const [single, double] = [await kernel(weights, x, x, "softplus", "float32"), await kernel(weights, x, x, "softplus")]
  expectClose("kernel", single.data, double.data, tolerance.float32.net)
})

test("the kernel of a set of points with itself is symmetric and positive", async () => {
  // More points than weights (3 * 2 + 2 + 2 + 1 = 11), so that zero is among the eigenvalues.
  const [weights, x] = [someWeights(4, 3, 1, 2), somePoints(4, 15, 3)]
  const { data } = await kernel(weights, x, x, "softplus")
  expectClose(
    "transposed",
    data,
    data.map((_, ij) => data[(ij % 15) * 15 + Math.floor(ij / 15)]!),
    agreement.kernel,
  )
  const { values } = symmetricEigen(Float64Array.from(data), 15)
  expect(values[10]! / values[0]!).toBeGreaterThan(agreement.kernel)
  expectClose(
    "values",
    values.subarray(11).map((value) => value / values[0]!),
    [0, 0, 0, 0],
    agreement.kernel,
  )
})

const one = (value: number, shape: ReadonlyArray<number>): Tensor => ({ shape, data: Float64Array.of(value) })

// One input, one ReLU: f = v sqrt(2) max(0, w x + b) + c, whose gradient for w x + b > 0 is sqrt(2) (v x, v, w x + b)
// and 1.
test("the kernel of one unit is what one computes by hand", async () => {
  const weights = { W0: one(2, [1, 1]), B0: one(1, [1]), W1: one(3, [1, 1]), B1: one(0, [1]) }
  const [a, b] = [
    { shape: [2, 1], data: Float64Array.of(1, -5) },
    { shape: [1, 1], data: Float64Array.of(4) },
  ]
  const { data } = await kernel(weights, a, b, "relu")
  // At -5 the unit is off, and only the last bias is left.
  expectClose("kernel", data, [2 * (3 * 1 * 3 * 4 + 3 * 3 + 3 * 9) + 1, 1], tolerance.float64.op)
})

test("a convolutional net's kernel is the product of its Jacobians, whatever the chunks", async () => {
  const model = cnn({ kind: "cnn", width: 3, filter: 3, channels: 2 })
  const weights = initial(model, 5)
  const images = { shape: [7, 10, 10, 2], data: somePoints(6, 7, 200).data }
  const expected = productOf(await jacobian(model, weights, images), await jacobian(model, weights, images))
  const whole = await kernelOf(model, { dtype: "float64" })(weights, images, images)
  expectClose("at once", whole.data, expected, agreement.kernel)
  const other = { shape: [7, 10, 10, 2], data: images.data.slice() }
  const one = { shape: [1, 10, 10, 2], data: images.data.subarray(0, 200) }
  for (const held of [1, 3, 6]) {
    const memory = memoryFor(held, (bytes) => planOf(model, weights, one, [7, 7], bytes, "float64").held)
    const chunked = kernelOf(model, { dtype: "float64", memory })
    expectClose(`${held} held`, (await chunked(weights, images, images)).data, expected, agreement.kernel)
    expectClose(
      `${held} held, between equal images`,
      (await chunked(weights, images, other)).data,
      expected,
      agreement.kernel,
    )
    const few = { shape: [2, 10, 10, 2], data: images.data.subarray(0, 400) }
    const [upright, lying] = [await chunked(weights, images, few), await chunked(weights, few, images)]
    expect([upright.shape, lying.shape]).toEqual([
      [7, 2],
      [2, 7],
    ])
    expectClose("few on the left", lying.data, expected.slice(0, 14), agreement.kernel)
    expectClose(
      "few on the right",
      upright.data,
      expected.filter((_, ij) => ij % 7 < 2),
      agreement.kernel,
    )
  }
})

/** A memory with which so many points are held. */
const memoryFor = (held: number, heldWith: (memory: number) => number): number => {
  for (let memory = 1000; memory < 2 ** 30; memory *= 1.01) {
    try {
      if (heldWith(memory) === held) return memory
    } catch (error) {
      // Not even one point fits.
      expect(error).toMatchObject({ reason: "Memory" })
    }
  }
  throw new Error(`no memory holds ${held} points`)
}

test("several outputs: the kernel is the sum of theirs", async () => {
  const one = fc({ inputs: 4, depth: 2, width: 6, activation: "relu" })
  const model: Model = {
    ...one,
    weights: {
      ...one.weights,
      W2: { ...one.weights["W2"]!, shape: [6, 3] },
      B2: { ...one.weights["B2"]!, shape: [3] },
    },
  }
  const [weights, x] = [initial(model, 9), somePoints(9, 5, 4)]
  const K = await kernelOf(model, { dtype: "float64" })(weights, x, x)
  const parts = await Promise.all([0, 1, 2].map(async (output) => jacobian(model, weights, x, output)))
  const products = parts.map((rows) => productOf(rows, rows))
  expectClose(
    "trace",
    K.data,
    products[0]!.map((value, i) => value + products[1]![i]! + products[2]![i]!),
    agreement.kernel,
  )
})

test("a kernel that would not fit is refused before anything is computed, with sizes", async () => {
  const model = fc({ inputs: 4, depth: 1, width: 6, activation: "relu" })
  const x = somePoints(1, 300, 4)
  const refused = kernelOf(model, { dtype: "float64", memory: 2 ** 19 })(initial(model, 0), x, x)
  await expect(refused).rejects.toMatchObject({
    reason: "Memory",
    message: expect.stringMatching(
      /^in kernel: 300 x 300 points take 0\.687 MiB.* limit of 0\.500 MiB: use fewer points/,
    ),
  })
  // Room for the kernel, and not for the tangents of a point.
  const narrow = kernelOf(model, { dtype: "float64", memory: 300 * 300 * 8 + 200 })(initial(model, 0), x, x)
  await expect(narrow).rejects.toMatchObject({ reason: "Memory" })
})
