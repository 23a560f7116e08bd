// The wide residual net: its size, the images after each stage, its outputs against plain loops.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { parameterCount } from "../../../../stages/net/model.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { outputs, prepared } from "./nets.ts"
import { type Image, average, blend, conv, dense, imageOf, mapped, scaledRelu } from "./plain.ts"
import { shapesOf } from "./shapes.ts"

/** Image i after three stages of `blocks` blocks. */
const lastImage = (weights: Tensors, x: Tensor, i: number, blocks: number): Image => {
  const made = (name: string, z: Image, stride: number): Image => {
    const W = weights[`W${name}`]!
    const [side, , from] = W.shape as [number, number, number]
    const zeros = side === 3 ? 1 : 0
    return conv(z, {
      W,
      B: weights[`B${name}`]!,
      scale: 1 / Math.sqrt(side * side * from),
      stride,
      pad: [zeros, zeros],
    })
  }
  let z = made("in", imageOf(x, i), 1)
  for (const stage of [0, 1, 2]) {
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      const inner = made(
        `${stage}.${block}.b`,
        mapped(made(`${stage}.${block}.a`, mapped(z, scaledRelu), 1), scaledRelu),
        stride,
      )
      const cut = `W${stage}.${block}.cut` in weights ? made(`${stage}.${block}.cut`, z, stride) : z
      z = blend(Math.cos(Math.PI / 4), cut, Math.sin(Math.PI / 4), inner)
    }
  }
  return z
}

test("its outputs are those of plain loops, with either precision", async () => {
  const { model, weights, x } = prepared("wide-resnet")
  const expected = [0, 1].flatMap((i) => {
    const last = mapped(lastImage(weights, x, i, 2), scaledRelu)
    return [...dense(average(last), weights["Wout"]!, 1 / Math.sqrt(last.channels), weights["Bout"]!)]
  })
  for (const dtype of ["float32", "float64"] as const)
    expectClose(dtype, (await outputs(model, weights, x, dtype)).data, expected, tolerance[dtype].net)
})

const channelsAndHalves =
  "stages have 160, 320 and 640 channels, and the second convolution of a stage's first block halves the image"
test(channelsAndHalves, () => {
  const shapes = shapesOf(
    modelOf({ kind: "wide-resnet", channels: 3, depth: 28, widening: 10, outputs: 1 }),
    [32, 32, 3],
  )
  expect(shapes).toMatchObject({
    in: [32, 32, 16],
    "0.0.a": [32, 32, 160],
    "0.0.cut": [32, 32, 160],
    "0.3.b": [32, 32, 160],
    "1.0.a": [32, 32, 320],
    "1.0.b": [16, 16, 320],
    "1.0.cut": [16, 16, 320],
    "1.3.b": [16, 16, 320],
    "2.0.a": [16, 16, 640],
    "2.0.b": [8, 8, 640],
    "2.0.cut": [8, 8, 640],
    "2.3.b": [8, 8, 640],
    out: [1],
  })
  expect(Object.keys(shapes).filter((name) => /[ab]$|^in$/.test(name))).toHaveLength(25)
})

test("a shortcut has weights where the shape changes, and only there", () => {
  const cuts = [1, 2].map((widening) =>
    Object.keys(modelOf({ kind: "wide-resnet", channels: 1, depth: 16, widening, outputs: 1 }).weights).filter((name) =>
      /^W.*cut$/.test(name),
    ),
  )
  expect(cuts).toEqual([
    ["W1.0.cut", "W2.0.cut"],
    ["W0.0.cut", "W1.0.cut", "W2.0.cut"],
  ])
})

const weights28By10 =
  "depth 28, widening 10 has the 36.5 million weights of a wide resnet 28-10, its batch norms replaced by biases"
test(weights28By10, () => {
  // Per stage: the first filter, seven more, the shortcut, nine biases.
  const stages = [
    [16, 160],
    [160, 320],
    [320, 640],
  ] as const
  const expected =
    stages.reduce((sum, [from, to]) => sum + 9 * from * to + 7 * 9 * to * to + from * to + 9 * to, 27 * 16 + 16) +
    640 +
    1
  expect(expected).toBe(36_465_569)
  expect(parameterCount(modelOf({ kind: "wide-resnet", channels: 3, depth: 28, widening: 10, outputs: 1 }))).toBe(
    expected,
  )
})
