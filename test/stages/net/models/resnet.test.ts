// ResNet-18: its size, the images after each stage, its outputs against plain loops.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { parameterCount } from "../../../../stages/net/model.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { outputs, prepared } from "./nets.ts"
import { type Image, average, blend, conv, dense, imageOf, mapped, relu } from "./plain.ts"
import { shapesOf } from "./shapes.ts"

/** Image i after the last block. */
const lastImage = (weights: Tensors, x: Tensor, i: number): Image => {
  const filtered = (name: string, z: Image, stride: number): Image => {
    const W = weights[`W${name}`]!
    const zeros = W.shape[0] === 3 ? 1 : 0
    return conv(z, { W, B: weights[`B${name}`]!, stride, pad: [zeros, zeros] })
  }
  return [1, 2, 2, 2].reduce(
    (z, stride, stage) => {
      const cut = stride === 1 ? z : filtered(`${stage}.0.cut`, z, stride)
      const first = mapped(
        blend(1, cut, 1, filtered(`${stage}.0.b`, mapped(filtered(`${stage}.0.a`, z, stride), relu), 1)),
        relu,
      )
      return mapped(
        blend(1, first, 1, filtered(`${stage}.1.b`, mapped(filtered(`${stage}.1.a`, first, 1), relu), 1)),
        relu,
      )
    },
    mapped(filtered("in", imageOf(x, i), 1), relu),
  )
}

test("its outputs are those of plain loops, with either precision", async () => {
  const { model, weights, x } = prepared("resnet")
  const expected = [0, 1].flatMap((i) => [
    ...dense(average(lastImage(weights, x, i)), weights["Wout"]!, 1, weights["Bout"]!),
  ])
  for (const dtype of ["float32", "float64"] as const)
    expectClose(dtype, (await outputs(model, weights, x, dtype)).data, expected, tolerance[dtype].net)
})

test("every stage but the first doubles the channels and, with its first convolution, halves the image", () => {
  const shapes = shapesOf(
    modelOf({ kind: "resnet", channels: 3, base: 64, widening: 1, outputs: 10, gain: 1 }),
    [32, 32, 3],
  )
  expect(shapes).toMatchObject({
    in: [32, 32, 64],
    "0.0.a": [32, 32, 64],
    "0.1.b": [32, 32, 64],
    "1.0.a": [16, 16, 128],
    "1.0.cut": [16, 16, 128],
    "1.1.b": [16, 16, 128],
    "2.0.a": [8, 8, 256],
    "2.1.b": [8, 8, 256],
    "3.0.a": [4, 4, 512],
    "3.1.b": [4, 4, 512],
    out: [10],
  })
})

test("base 64 has 64 to 512 channels, and widening multiplies them", () => {
  for (const widening of [1, 7]) {
    const [first, ...rest] = [64, 128, 256, 512].map((each) => each * widening) as [number, ...Array<number>]
    const start = 27 * first + first + 4 * (9 * first * first + first)
    // A stage that halves the image: its first filter, three more, the shortcut, five biases.
    const stages = rest.reduce((sum, to) => sum + 9 * (to / 2) * to + 3 * 9 * to * to + (to / 2) * to + 5 * to, 0)
    expect(parameterCount(modelOf({ kind: "resnet", channels: 3, base: 64, widening, outputs: 10, gain: 1 }))).toBe(
      start + stages + 10 * 512 * widening + 10,
    )
  }
})
