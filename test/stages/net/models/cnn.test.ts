// The convolutional net of Geiger et al.: its size, its initial weights, its outputs against plain loops.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { initial, parameterCount } from "../../../../stages/net/model.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { outputs, prepared, small } from "./nets.ts"
import { type Image, average, conv, dense, imageOf, mapped, scaledRelu } from "./plain.ts"
import { shapesOf } from "./shapes.ts"

const plainImage = (weights: Tensors, x: Tensor, i: number): Image =>
  [2, 1, 2, 1].reduce(
    (z, stride, l) => {
      const W = weights[`W${l}`]!
      const scale = 1 / Math.sqrt(W.shape[0]! * W.shape[1]! * W.shape[2]!)
      return mapped(conv(z, { W, B: weights[`B${l}`]!, scale, stride, pad: [1, 1] }), scaledRelu)
    },
    imageOf(x, i),
  )

for (const name of ["cnn", "cnn with small filters"] as const) {
  test(`${name}: its outputs are those of plain loops, with either precision`, async () => {
    const { model, weights, x } = prepared(name)
    const { width } = small[name].architecture
    const expected = [0, 1].map(
      (i) => dense(average(plainImage(weights, x, i)), weights["W4"]!, 1 / Math.sqrt(width), weights["B4"]!)[0]!,
    )
    for (const dtype of ["float32", "float64"] as const)
      expectClose(dtype, (await outputs(model, weights, x, dtype)).data, expected, tolerance[dtype].net)
  })
}

test("a net of width h for one channel has 25 h + 75 h^2 + 4 h + h + 1 weights and biases", () => {
  for (const width of [4, 10, 159]) {
    expect(parameterCount(modelOf({ kind: "cnn", channels: 1, filter: 5, width }))).toBe(
      25 * width + 75 * width ** 2 + 5 * width + 1,
    )
  }
})

test("images of 28 pixels become 13, 11, 5 and 3 pixels wide", () => {
  const shapes = shapesOf(modelOf({ kind: "cnn", channels: 1, filter: 5, width: 100 }), [28, 28, 1])
  expect(shapes).toEqual({ 0: [13, 13, 100], 1: [11, 11, 100], 2: [5, 5, 100], 3: [3, 3, 100], 4: [1], f: [1] })
})

test("weights are standard normal and biases zero", () => {
  const weights = initial(modelOf({ kind: "cnn", channels: 1, filter: 5, width: 20 }), 1)
  const w = weights["W2"]!.data as Float64Array
  const mean = (power: number): number => w.reduce((sum, each) => sum + each ** power, 0) / w.length
  expectClose("mean", [mean(1)], [0], agreement.standardErrors / Math.sqrt(w.length))
  expectClose("mean square", [mean(2)], [1], agreement.standardErrors * Math.sqrt(2 / w.length))
  for (const l of [0, 1, 2, 3, 4]) expect(new Set(weights[`B${l}`]!.data)).toEqual(new Set([0]))
})
