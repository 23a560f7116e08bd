// Convolutions, whole and depthwise: value and gradient on every road, over shapes, strides, paddings and dilations.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { type Op, compareRoads, filled } from "./roads.ts"
import { compareSlopes } from "./slopes.ts"

type Padding = number | "same" | "valid" | [[number, number], [number, number], [number, number], [number, number]]
type Pair = [number, number]

const conv =
  (strides: number | Pair, pad: Padding, dilations: number | Pair = 1): Op =>
  (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations)
const depthwise =
  (strides: number | Pair, pad: Padding, dilations: number | Pair = 1): Op =>
  (x, w) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations)

type Shape = readonly [number, number, number, number]
type Case = readonly [op: Op, image: Shape, filter: Shape]

/** Without blocks, images of up to three channels have a lowering of their own in float32. */
const plain: Readonly<Record<string, Case>> = {
  "1x1": [conv(1, "valid"), [2, 3, 3, 4], [1, 1, 4, 2]],
  "1x1 of one image with one channel": [conv(1, "valid"), [1, 1, 1, 1], [1, 1, 1, 1]],
  "1x1 with stride 2": [conv(2, "same"), [1, 5, 5, 4], [1, 1, 4, 2]],
  "3x3, same": [conv(1, "same"), [2, 4, 5, 1], [3, 3, 1, 2]],
  "3x3, same, of many channels": [conv(1, "same"), [2, 4, 5, 4], [3, 3, 4, 3]],
  "3x3 with stride 2 on odd sizes": [conv(2, "same"), [1, 5, 7, 2], [3, 3, 2, 2]],
  "3x3 with stride 2 on odd sizes of many channels": [conv(2, "same"), [1, 5, 7, 4], [3, 3, 4, 2]],
  "5x5 with stride 2 and padding 1": [conv(2, 1), [2, 8, 8, 1], [5, 5, 1, 2]],
  "with pixels left over at the end": [conv(2, "valid"), [1, 6, 6, 2], [3, 3, 2, 1]],
  "with pixels left over at the end, of many channels": [conv(3, "valid"), [1, 7, 6, 4], [2, 2, 4, 1]],
  "explicit, uneven padding and strides": [
    conv(
      [1, 2],
      [
        [0, 0],
        [2, 0],
        [0, 1],
        [0, 0],
      ],
    ),
    [1, 4, 5, 2],
    [3, 2, 2, 2],
  ],
  "3x3 of channels that fill no block": [conv(1, "same"), [3, 4, 3, 20], [3, 3, 20, 18]],
  "3x3 of whole blocks with stride 2": [conv(2, "same"), [2, 5, 4, 16], [3, 3, 16, 32]],
  "5x5 of fewer channels than a block with stride 3": [conv(3, 2), [2, 7, 8, 6], [5, 5, 6, 17]],
  "padding wider than the filter": [conv(1, 2), [1, 3, 3, 5], [2, 2, 5, 3]],
  "depthwise 5x5 of more channels than a block, on one pixel": [depthwise(1, "same"), [3, 1, 1, 21], [5, 5, 21, 1]],
  "depthwise 3x3 of whole blocks with stride 2": [depthwise(2, "same"), [2, 5, 6, 16], [3, 3, 16, 1]],
  "3x3 of many images that fill blocks": [conv(1, "same"), [14, 6, 6, 2], [3, 3, 2, 3]],
  "3x3 of many images with pixels left over": [conv(2, "valid"), [14, 8, 8, 1], [3, 3, 1, 2]],
  "depthwise 3x3 of more channels than a block, with pixels left over": [
    depthwise(2, "valid"),
    [1, 6, 6, 20],
    [3, 3, 20, 1],
  ],
  "depthwise 3x3": [depthwise(1, "same"), [2, 4, 4, 3], [3, 3, 3, 1]],
  "depthwise with multiplier 2 and stride 2": [depthwise(2, "same"), [1, 5, 5, 2], [3, 3, 2, 2]],
  "depthwise with pixels left over at the end": [depthwise(3, "valid"), [1, 7, 6, 2], [2, 2, 2, 2]],
  "depthwise 1x1 of one channel": [depthwise(1, "valid"), [1, 2, 2, 1], [1, 1, 1, 3]],
}

test.each(Object.entries(plain))(
  "a convolution, %s, is the same on every road, and so is its gradient",
  async (name, [op, image, filter]) => {
    await compareRoads(name, op, [filled(1, image), filled(2, filter)])
  },
)

const dilated: Readonly<Record<string, Case>> = {
  "dilation 2": [conv(1, "valid", 2), [1, 6, 6, 1], [2, 3, 1, 2]],
  "dilation 2, same, of many channels": [conv(1, "same", 2), [2, 5, 5, 4], [3, 3, 4, 2]],
  "uneven dilation": [conv(1, "same", [1, 3]), [1, 5, 6, 2], [2, 2, 2, 2]],
  "dilation 2, of channels that fill no block": [conv(1, "same", 2), [2, 5, 4, 18], [3, 3, 18, 2]],
  "depthwise with dilation 2 of more channels than a block": [depthwise(1, "same", 2), [1, 5, 5, 18], [3, 3, 18, 1]],
  "depthwise with dilation 2": [depthwise(1, "same", 2), [1, 5, 5, 2], [3, 3, 2, 2]],
}

test.each(Object.entries(dilated))(
  "a convolution with %s is the same on every road, and has a gradient, which TF.js does not give",
  async (name, [op, image, filter]) => {
    await compareRoads(name, op, [filled(3, image), filled(4, filter)])
  },
)

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

test("a convolution is the same on every road for any size, stride and padding", async () => {
  const size = fc.record({
    n: small(3),
    height: small(7),
    width: small(7),
    channels: fc.constantFrom(1, 2, 5, 19),
    out: fc.constantFrom(1, 3, 17),
    kernel: small(3),
    stride: small(3),
  })
  await fc.assert(
    fc.asyncProperty(size, fc.constantFrom<Padding>("same", "valid", 1), fc.boolean(), async (s, pad, deep) => {
      fc.pre(pad !== "valid" || Math.min(s.height, s.width) >= s.kernel)
      const op = deep ? depthwise(s.stride, pad) : conv(s.stride, pad)
      await compareRoads(`${JSON.stringify(s)} ${String(pad)}`, op, [
        filled(5, [s.n, s.height, s.width, s.channels]),
        filled(6, [s.kernel, s.kernel, s.channels, s.out]),
      ])
    }),
    { seed: 4, numRuns: 12 },
  )
})

test("a batch larger than the cache is convolved in lots, with the same result", async () => {
  await compareRoads("lots", conv(1, "same"), [filled(7, [40, 6, 6, 4]), filled(8, [3, 3, 4, 2])], false)
  const step: Op = (x, w) =>
    tf.concat(
      tf
        .grads((x: tf.Tensor, w: tf.Tensor) => tf.sum(tf.square(conv(2, 1)(x, w))))([x!, w!])
        .map((g) => tf.reshape(g, [-1])),
    )
  await compareRoads("gradient in lots", step, [filled(7, [40, 6, 6, 4]), filled(8, [3, 3, 4, 2])], false)
})

test("no images convolve to no images, and leave the filter's gradient at zero", async () => {
  for (const channels of [1, 4])
    for (const dtype of ["float32", "float64"] as const) {
      const f = jit(
        "empty",
        ({ x, w }: Record<"x" | "w", tf.Tensor>) => {
          const [dx, dw] = tf.grads((x: tf.Tensor, w: tf.Tensor) => tf.sum(conv(1, "same")(x, w)))([x, w]) as [
            tf.Tensor,
            tf.Tensor,
          ]
          return { y: conv(1, "same")(x, w), dx, dw }
        },
        { dtype },
      )
      const { y, dx, dw } = await f({ x: filled(1, [0, 3, 3, channels]), w: filled(2, [3, 3, channels, 2]) })
      expect([y.shape, dx.shape]).toEqual([
        [0, 3, 3, 2],
        [0, 3, 3, channels],
      ])
      expect(dw.data.every((slope) => slope === 0)).toBe(true)
    }
})

const byImage =
  (op: Op): Op =>
  (x, w) =>
    tf.grad((x: tf.Tensor) => tf.sum(tf.tanh(op(x, w!))))(x!)
const byFilter =
  (op: Op): Op =>
  (x, w) =>
    tf.grad((w: tf.Tensor) => tf.sum(tf.tanh(op(x!, w))))(w!)

test("second derivatives of a convolution are the slopes of its first ones, in image and filter", async () => {
  for (const channels of [1, 4]) {
    const given = [filled(9, [2, 4, 4, channels]), filled(10, [3, 3, channels, 2])]
    await compareSlopes("slope by the image", byImage(conv(2, "same")), given)
    await compareSlopes("slope by the filter", byFilter(conv(1, 1)), given)
  }
})

test("a convolution gives what its definition says", async () => {
  const [x, w] = [filled(11, [1, 5, 5, 4]), filled(12, [3, 3, 4, 2])]
  const expected = new Float64Array(3 * 3 * 2)
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      for (let o = 0; o < 2; o++) {
        for (let k = 0; k < 3; k++)
          for (let l = 0; l < 3; l++)
            for (let c = 0; c < 4; c++) {
              expected[(i * 3 + j) * 2 + o]! +=
                x.data[((i + k) * 5 + j + l) * 4 + c]! * w.data[((k * 3 + l) * 4 + c) * 2 + o]!
            }
      }
  const { y } = await jit("defined", ({ x, w }: Record<"x" | "w", tf.Tensor>) => ({ y: conv(1, "valid")(x, w) }), {
    dtype: "float64",
  })({ x, w })
  expectClose("definition", y.data, expected, tolerance.float64.op)
})

test("images without channels are refused by name", async () => {
  for (const op of [conv(1, "same"), depthwise(1, "same")]) {
    const f = jit("none", ({ x, w }: Record<"x" | "w", tf.Tensor>) => ({ y: op(x, w) }), { dtype: "float32" })
    await expect(f({ x: filled(1, [1, 2, 2, 0]), w: filled(2, [3, 3, 0, 1]) })).rejects.toMatchObject({
      reason: "Shape",
      message: expect.stringContaining("images of [1,2,2,0] have no channels"),
    })
  }
})

test("channels before height and width are refused by name", async () => {
  const f = jit(
    "nchw",
    ({ x, w }: Record<"x" | "w", tf.Tensor>) => ({
      y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same", "NCHW"),
    }),
    { dtype: "float32" },
  )
  await expect(f({ x: filled(1, [1, 2, 3, 3]), w: filled(2, [3, 3, 2, 2]) })).rejects.toMatchObject({
    reason: "UnknownOp",
    message: expect.stringMatching(/conv\.test\.ts.*Conv2D.*NCHW/),
  })
})
