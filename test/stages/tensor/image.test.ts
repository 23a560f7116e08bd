// Resizing images and batch normalisation. TF.js' own gradient of a resize is wrong for halfPixelCenters and for
// images that are not square, so those are compared with differences alone.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { constant } from "../../../stages/tensor/constant.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { type Op, compareRoads, filled, tensor64 } from "./roads.ts"
import { compareSlopes } from "./slopes.ts"

type Mode = "plain" | "align" | "half"

const resize =
  (kind: "linear" | "nearest", size: [number, number], mode: Mode): Op =>
  (x) =>
    (kind === "linear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(
      x as tf.Tensor4D,
      size,
      mode === "align",
      mode === "half",
    )

const length = fc.integer({ min: 1, max: 6 })
const kinds = fc.constantFrom("linear" as const, "nearest" as const)

const resizedAlike =
  "resized images are the same on every road for any sizes and centres, and the gradient is their slope"
test(resizedAlike, async () => {
  await fc.assert(
    fc.asyncProperty(
      length,
      length,
      length,
      length,
      kinds,
      fc.constantFrom<Mode>("plain", "align", "half"),
      async (h, w, toH, toW, kind, mode) => {
        const name = `${kind} ${mode} ${h}x${w} to ${toH}x${toW}`
        const op = resize(kind, [toH, toW], mode)
        await compareRoads(name, op, [filled(1, [2, h, w, 2])], false)
        await compareSlopes(name, op, [filled(1, [2, h, w, 2])])
      },
    ),
    { seed: 6, numRuns: 25 },
  )
})

test("the gradient of a resized square image is TF.js'", async () => {
  for (const kind of ["linear", "nearest"] as const)
    for (const mode of ["plain", "align"] as const)
      for (const size of [
        [2, 3],
        [5, 6],
        [3, 3],
      ] as const) {
        await compareRoads(`${kind} ${mode} ${size.join()}`, resize(kind, [...size], mode), [filled(2, [1, 3, 3, 2])])
      }
})

test("a pixel that is not finite reaches only the pixels made from it", async () => {
  const f = jit("resize", ({ x }: Record<"x", tf.Tensor>) => ({ y: resize("linear", [1, 8], "plain")(x) }), {
    dtype: "float64",
  })
  const { y } = await f({ x: tensor64([1, 1, 4, 1], [1, NaN, 3, 4]) })
  expect(Array.from(y.data, Number.isNaN)).toEqual([false, true, true, true, false, false, false, false])
})

const norm: Op = (x, mean, variance, offset, scale) =>
  tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D)

test("batch normalisation is the same on every road, with a slope for each of its inputs", async () => {
  for (const shape of [
    [2, 2, 3, 4],
    [3, 4],
    [1, 1, 1, 4],
  ]) {
    await compareRoads(`batchNorm ${shape.join()}`, norm, [
      filled(3, shape),
      filled(4, [4]),
      filled(5, [4], 0.5, 2),
      filled(6, [4]),
      filled(7, [4]),
    ])
  }
  await compareRoads(
    "without scale",
    (x, m, v) => tf.batchNorm(x!, m as tf.Tensor1D, v as tf.Tensor1D, undefined, undefined, 0.125),
    [filled(3, [5, 2]), filled(4, [2]), filled(5, [2], 0.5, 2)],
    false,
  )
})

const trained: Op = (x, scale, offset) => {
  const { mean, variance } = tf.moments(x!, [0, 1, 2])
  return tf.add(tf.mul(tf.sub(x!, mean), tf.mul(scale!, tf.rsqrt(tf.add(variance, constant(1e-3))))), offset!)
}
const fused: Op = (x, scale, offset) => {
  const { mean, variance } = tf.moments(x!, [0, 1, 2])
  return tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D)
}

const batchNormalised =
  "batch normalisation by the batch's own moments has the slope of its definition, and a second derivative"
test(batchNormalised, async () => {
  const given = [filled(8, [3, 2, 2, 2]), filled(9, [2]), filled(10, [2])]
  await compareRoads("written out", trained, given)
  await compareRoads("fused", fused, given)
  await compareSlopes(
    "slope",
    (x, scale, offset) => tf.grad((x: tf.Tensor) => tf.sum(tf.tanh(fused(x, scale!, offset!))))(x!),
    given,
  )
})
