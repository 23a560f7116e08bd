// VGG-11: its size, which max-pools it has, its outputs against plain loops.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { initial, parameterCount } from "../../../../stages/net/model.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { gaussian, outputs, prepared, stirred } from "./nets.ts"
import { type Image, average, conv, dense, imageOf, mapped, maxPool, relu } from "./plain.ts"
import { shapesOf } from "./shapes.ts"

/** Image i before the dense layer; a pool of a single pixel would leave none. */
const lastImage = (weights: Tensors, x: Tensor, i: number): Image => {
  const filtered = (z: Image, l: number): Image =>
    mapped(conv(z, { W: weights[`W${l}`]!, B: weights[`B${l}`]!, pad: [1, 1] }), relu)
  const groups = [[0], [1], [2, 3], [4, 5], [6, 7]]
  return groups.reduce(
    (z, group) => {
      const made = group.reduce(filtered, z)
      return made.height > 1 ? maxPool(made, 2) : made
    },
    imageOf(x, i),
  )
}

const expected = (weights: Tensors, x: Tensor): ReadonlyArray<number> =>
  Array.from({ length: x.shape[0]! }, (_, i) => [
    ...dense(average(lastImage(weights, x, i)), weights["Wout"]!, 1, weights["Bout"]!),
  ]).flat()

test("its outputs are those of plain loops, with either precision", async () => {
  const { model, weights, x } = prepared("vgg")
  for (const dtype of ["float32", "float64"] as const)
    expectClose(dtype, (await outputs(model, weights, x, dtype)).data, expected(weights, x), tolerance[dtype].net)
})

test("images pass max-pools until they are one pixel: five at 32 pixels, four at 28", async () => {
  for (const [side, widths] of [
    [32, [32, 16, 8, 8, 4, 4, 2, 2]],
    [28, [28, 14, 7, 7, 3, 3, 1, 1]],
  ] as const) {
    const model = modelOf({ kind: "vgg", side, channels: 1, base: 1, widening: 1, outputs: 2, gain: 1 })
    const shapes = shapesOf(model, [side, side, 1])
    expect(widths.map((_, l) => shapes[l]![0])).toEqual(widths)
    const [weights, x] = [stirred(3, model), gaussian(4, "x", [1, side, side, 1])]
    expectClose(`${side}`, (await outputs(model, weights, x)).data, expected(weights, x), tolerance.float64.net)
  }
})

test("base 64 has 64 to 512 channels, and widening multiplies them", () => {
  for (const widening of [1, 8]) {
    const channels = [64, 128, 256, 256, 512, 512, 512, 512].map((each) => each * widening)
    const filters = channels.reduce((sum, to, l) => sum + 9 * (l === 0 ? 3 : channels[l - 1]!) * to + to, 0)
    expect(
      parameterCount(modelOf({ kind: "vgg", side: 32, channels: 3, base: 64, widening, outputs: 10, gain: 1 })),
    ).toBe(filters + 10 * 512 * widening + 10)
  }
})

test("weights have the variance of Xavier's initialisation times the square of the gain, and biases are zero", () => {
  const weights = initial(
    modelOf({ kind: "vgg", side: 8, channels: 1, base: 4, widening: 1, outputs: 10, gain: 1.5 }),
    1,
  )
  // 16 to 32 channels under 3 x 3 filters.
  const { shape, data } = weights["W4"]!
  expect(shape).toEqual([3, 3, 16, 32])
  const variance = (1.5 ** 2 * 2) / (9 * 16 + 9 * 32)
  const meanSquare = Array.from(data).reduce((sum, w) => sum + w * w, 0) / data.length
  expectClose("mean square", [meanSquare / variance], [1], agreement.standardErrors * Math.sqrt(2 / data.length))
  for (const name of ["B0", "B7", "Bout"]) expect(new Set(weights[name]!.data)).toEqual(new Set([0]))
})
