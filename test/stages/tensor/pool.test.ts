// Pools: value and gradient over shapes, strides and paddings; ties; averages over fewer pixels at the border.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { jit } from "../../../stages/tensor/jit.ts"
import { type Op, compareRoads, filled, tensor64 } from "./roads.ts"
import { compareSlopes } from "./slopes.ts"

type Padding = number | "same" | "valid"

const pool =
  (kind: "avg" | "max", size: number | [number, number], strides: number | [number, number], pad: Padding): Op =>
  (x) =>
    (kind === "avg" ? tf.avgPool : tf.maxPool)(x as tf.Tensor4D, size, strides, pad)

const cases: Readonly<
  Record<
    string,
    readonly [
      size: number | [number, number],
      strides: number | [number, number],
      pad: Padding,
      shape: ReadonlyArray<number>,
    ]
  >
> = {
  "2x2, side by side": [2, 2, "valid", [2, 4, 6, 3]],
  "2x2 on odd sizes": [2, 2, "same", [1, 5, 5, 2]],
  "3x3 with stride 2": [3, 2, "same", [1, 6, 5, 1]],
  "3x3, overlapping, padding 1": [3, 1, 1, [1, 4, 4, 2]],
  "2x3 with strides 1x2": [[2, 3], [1, 2], "valid", [2, 4, 5, 1]],
  "1x1": [1, 1, "same", [1, 2, 2, 2]],
  "1x1 with stride 2": [1, 2, "valid", [1, 3, 3, 1]],
  "the whole image": [4, 4, "valid", [3, 4, 4, 2]],
}

test.each(Object.entries(cases))(
  "average and maximum over %s are the same on every road, and so are their gradients",
  async (name, [size, strides, pad, shape]) => {
    for (const kind of ["avg", "max"] as const)
      await compareRoads(`${kind} ${name}`, pool(kind, size, strides, pad), [filled(1, shape)])
  },
)

test("pools are the same on every road for any size, stride and padding", async () => {
  const small = fc.integer({ min: 1, max: 6 })
  const kernel = fc.integer({ min: 1, max: 3 })
  await fc.assert(
    fc.asyncProperty(
      small,
      small,
      kernel,
      kernel,
      fc.constantFrom<Padding>("same", "valid"),
      fc.constantFrom("avg" as const, "max" as const),
      async (height, width, size, strides, pad, kind) => {
        fc.pre(pad === "same" || Math.min(height, width) >= size)
        await compareRoads(
          `${kind} ${height}x${width} by ${size}, ${strides}, ${pad}`,
          pool(kind, size, strides, pad),
          [filled(2, [2, height, width, 2])],
        )
      },
    ),
    { seed: 5, numRuns: 15 },
  )
})

const slope = ({ x }: Record<"x", tf.Tensor>): Record<"y", tf.Tensor> => ({
  y: tf.grad((x) => pool("max", 2, 2, "same")(x))(x),
})

test("of equal maxima the first, row by row, takes the whole slope, as in TF.js", async () => {
  const x = tensor64([1, 3, 4, 1], [1, 1, 0, 2, 1, 1, 2, 0, -1, -1, 0, 0])
  const expected = [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0]
  for (const dtype of ["float32", "float64"] as const)
    expect([...(await jit("ties", slope, { dtype })({ x })).y.data]).toEqual(expected)
  expect([...(await jit("ties", slope, { dtype: "float32", backend: "cpu" })({ x })).y.data]).toEqual(expected)
})

test("windows that overlap on one maximum add their slopes there", async () => {
  const f = jit(
    "overlap",
    ({ x }: Record<"x", tf.Tensor>) => ({ y: tf.grad((x) => pool("max", 3, 1, "same")(x))(x) }),
    { dtype: "float64" },
  )
  expect([...(await f({ x: tensor64([1, 3, 3, 1], [0, 0, 0, 0, 5, 0, 0, 0, 0]) })).y.data]).toEqual([
    0, 0, 0, 0, 9, 0, 0, 0, 0,
  ])
})

test("the mean over height and width is a global average, with its gradient", async () => {
  await compareRoads("global", (x) => tf.mean(x!, [1, 2]), [filled(3, [2, 3, 4, 2])])
})

const dilated =
  (kind: "avg" | "max"): Op =>
  (x) =>
    tf.pool(x as tf.Tensor4D, [2, 2], kind, "valid", [2, 2], [1, 1])

test("dilated pools are pools of every second pixel", async () => {
  for (const kind of ["avg", "max"] as const) await compareRoads(kind, dilated(kind), [filled(4, [1, 6, 6, 2])])
  await compareSlopes("dilated", dilated("avg"), [filled(4, [1, 5, 5, 1])])
})
