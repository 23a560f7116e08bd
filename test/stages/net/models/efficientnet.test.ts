// EfficientNet-B0: Keras' parameter counts and initial values, its features and batch statistics against plain loops
// with
// Keras' own padding, its gradient against differences.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { groupOf, grouped } from "../../../../stages/net/group.ts"
import { type Weights, initial, parameterCount, part } from "../../../../stages/net/model.ts"
import { type Mode, drops, efficientNet, featuresOf } from "../../../../stages/net/models/efficientnet.ts"
import { stream } from "../../../../stages/random.ts"
import { jit } from "../../../../stages/tensor/jit.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { gaussian } from "./nets.ts"
import { plainFeatures } from "./plain-efficientnet.ts"

const net = efficientNet(1)
const start = initial(net, 1)

/** Initial weights, all of them moved; variances stay positive. */
const weights: Tensors = Object.fromEntries(
  Object.entries(start).map(([name, { shape, data }]) => {
    const added = gaussian(2, name, shape, 0.05).data
    return [
      name,
      {
        shape,
        data: Float64Array.from(
          data,
          (value, k) => value + (name.includes("variance") ? Math.abs(added[k]!) : added[k]!),
        ),
      },
    ]
  }),
)

const images = (count: number, side: number): Tensor => {
  const { uniform } = stream(3, "images")
  return {
    shape: [count, side, side, 1],
    data: Float64Array.from({ length: count * side ** 2 }, () => 255 * uniform()),
  }
}
/** Small ones, so that many blocks are dropped: the rates end at 0.2. */
const uniforms = (count: number): Tensor => {
  const { uniform } = stream(4, "uniforms")
  return { shape: [count, drops], data: Float64Array.from({ length: count * drops }, () => 0.3 * uniform()) }
}

const read = async (mode: Mode, x: Tensor, given: Tensor): Promise<Tensors> => {
  const fn = jit(
    "features",
    (arrays): Record<string, tf.Tensor> => {
      const { features, statistics } = featuresOf(groupOf("w", arrays), arrays["x"]!, mode, arrays["uniforms"]!)
      return { features, ...statistics }
    },
    { dtype: "float64" },
  )
  return fn({ x, uniforms: given, ...grouped("w", weights) })
}

// Keras' summary of EfficientNetB0(include_top=False, weights=None): 4,049,571 for three channels, of which 4,007,548
// are trainable; for one channel 4,048,991, as in the program of Kearns et al.
test("it has as many parameters as in Keras, trainable and not", () => {
  const counts = [1, 3].map((channels) =>
    Object.values(efficientNet(channels).weights).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
  )
  expect(counts).toEqual([4_048_991, 4_049_571])
  expect(parameterCount(efficientNet(3))).toBe(4_007_548)
})

test("kernels begin with variance 2 / fan out, within two deviations of the normal that is cut off", () => {
  for (const [name, fanOut] of [
    ["block6d_project_conv/kernel", 192],
    ["stem_conv/kernel", 9 * 32],
    ["block5a_dwconv/depthwise_kernel", 25],
  ] as const) {
    const w = Array.from(start[name]!.data, (each) => each * Math.sqrt(fanOut / 2))
    const square = w.reduce((sum, each) => sum + each * each, 0) / w.length
    // Less than sqrt(2), which it would be without the cut.
    expectClose(`mean square of ${name}`, [square], [1], agreement.standardErrors * Math.sqrt(2 / w.length))
    expect(w.every((each) => Math.abs(each) < 2 / 0.87962566103423978)).toBe(true)
  }
  expect(new Set(start["block1a_bn/gamma"]!.data)).toEqual(new Set([1]))
  expect(new Set(start["block1a_bn/beta"]!.data)).toEqual(new Set([0]))
})

// 32 pixels become 16, 8, 4, 2 and 1; 24 become 12, 6, 3, 2 and 1, and odd ones are padded alike on all sides.
for (const [mode, side] of [
  ["inference", 32],
  ["training", 24],
] as const) {
  test(`${mode}: features and statistics are those of plain loops`, async () => {
    const x = images(6, side)
    const { features, ...statistics } = await read(mode, x, uniforms(6))
    const expected = plainFeatures(weights, x, mode, uniforms(6))
    expect(features!.shape).toEqual([6, 1, 1, 1280])
    expectClose("features", features!.data, expected.features, agreement.steps)
    expect(Object.keys(statistics).sort()).toEqual(
      mode === "training"
        ? Object.keys(part(net, "frozen", weights))
            .filter((name) => name.includes("moving"))
            .sort()
        : [],
    )
    for (const [name, { data }] of Object.entries(statistics))
      expectClose(name, data, expected.statistics[name]!, agreement.steps)
  })
}

const named = (names: ReadonlyArray<string>, arrays: ReadonlyArray<tf.Tensor>): Weights =>
  Object.fromEntries(names.map((name, i) => [name, arrays[i]!]))

const float32NoGaps =
  "float32: features and the gradient by every trained array come out of one compiled function, and have no gaps"
test(float32NoGaps, async () => {
  const names = Object.keys(part(net, "trained", net.weights))
  const fn = jit(
    "gradient",
    (arrays) => {
      const loss = (...trained: Array<tf.Tensor>): tf.Tensor =>
        tf.mean(
          tf.square(
            featuresOf({ ...groupOf("w", arrays), ...named(names, trained) }, arrays["x"]!, "training").features,
          ),
        )
      return Object.fromEntries(
        tf
          .grads(loss)(names.map((name) => arrays[`w.${name}`]!))
          .map((g, i) => [names[i]!, g]),
      )
    },
    { dtype: "float32" },
  )
  const gradients = await fn({ x: images(4, 32), ...grouped("w", weights) })
  expect(Object.keys(gradients).sort()).toEqual(names.toSorted())
  for (const [name, { shape, data }] of Object.entries(gradients)) {
    expect(shape).toEqual(net.weights[name]!.shape)
    expect(data.every(Number.isFinite) && data.some((each) => each !== 0), name).toBe(true)
  }
})

test("the gradient along a direction is the limit of differences, through batch norm and drop-connect", async () => {
  const names = Object.keys(part(net, "trained", net.weights))
  const direction: Tensors = Object.fromEntries(
    names.map((name) => [name, gaussian(6, name, net.weights[name]!.shape, 0.01)]),
  )
  const x = images(6, 24)
  const along = jit(
    "along",
    (arrays) => {
      const [w, d] = [groupOf("w", arrays), groupOf("d", arrays)]
      const loss = (step: tf.Tensor): tf.Tensor => {
        const moved = named(
          names,
          names.map((name) => tf.add(w[name]!, tf.mul(step, d[name]!))),
        )
        return tf.sum(
          tf.mul(featuresOf({ ...w, ...moved }, arrays["x"]!, "training", arrays["uniforms"]!).features, arrays["c"]!),
        )
      }
      return { loss: loss(arrays["step"]!), slope: tf.grad(loss)(arrays["step"]!) }
    },
    { dtype: "float64" },
  )
  const at = (step: number) =>
    along({
      x,
      uniforms: uniforms(6),
      c: gaussian(7, "c", [6, 1, 1, 1280], 0.01),
      step: { shape: [], data: Float64Array.of(step) },
      ...grouped("w", weights),
      ...grouped("d", direction),
    })
  const h = 1e-6
  const [here, forth, back] = [await at(0), await at(h), await at(-h)]
  expectClose(
    "slope",
    here["slope"]!.data,
    [(forth["loss"]!.data[0]! - back["loss"]!.data[0]!) / (2 * h)],
    tolerance.float64.differences,
  )
})
