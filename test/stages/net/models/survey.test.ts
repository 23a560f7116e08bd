// The nets of the survey: their published sizes, PyTorch's initialisation, their outputs against plain loops.
import { expect, test } from "vitest"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { initial, parameterCount } from "../../../../stages/net/model.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { outputs, prepared } from "./nets.ts"
import { conv, dense, imageOf, mapped, relu } from "./plain.ts"

const pytorch = { kind: "pytorch" } as const
const mlp = (width: number) =>
  modelOf({
    kind: "mlp",
    inputs: 784,
    hidden: [width, width, width],
    outputs: 10,
    activation: "plain-relu",
    weights: pytorch,
    biases: pytorch,
  })
const cnn = (width: number) => modelOf({ kind: "survey-cnn", side: 28, channels: 1, width, outputs: 10 })

test("the four fully connected nets have the published numbers of parameters", () => {
  expect([1024, 2048, 4096, 8192].map((width) => parameterCount(mlp(width)))).toEqual([
    2_913_290, 10_020_874, 36_818_954, 140_746_762,
  ])
})

test("the four convolutional nets have the published numbers of parameters", () => {
  expect([32, 64, 128, 256].map((width) => parameterCount(cnn(width)))).toEqual([173_706, 384_266, 915_978, 2_421_770])
})

test("weights and biases are uniform within 1 / sqrt(fan in)", () => {
  const nets = [initial(mlp(64), 1), initial(cnn(16), 1)]
  for (const [net, name, fanIn] of [
    [0, "0", 784],
    [0, "1", 64],
    [0, "3", 64],
    [1, "0", 9],
    [1, "1", 144],
    [1, "3", 22 * 22 * 16],
  ] as const) {
    const numbers = [...nets[net]![`W${name}`]!.data, ...nets[net]![`B${name}`]!.data].map(
      (each) => each * Math.sqrt(fanIn),
    )
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(1)
    const mean = (power: number): number => numbers.reduce((sum, each) => sum + each ** power, 0) / numbers.length
    expectClose(`mean of ${name}`, [mean(1)], [0], agreement.standardErrors * Math.sqrt(1 / 3 / numbers.length))
    expectClose(
      `mean square of ${name}`,
      [mean(2)],
      [1 / 3],
      agreement.standardErrors * Math.sqrt((1 / 5 - 1 / 9) / numbers.length),
    )
  }
})

test("the fully connected net's outputs are those of plain loops", async () => {
  const { model, weights, x } = prepared("mlp", 4)
  const expected = [0, 1, 2, 3].flatMap((i) => {
    const point = x.data.subarray(3 * i, 3 * i + 3)
    const last = [0, 1, 2].reduce<Float64Array>(
      (z, l) => dense(z, weights[`W${l}`]!, 1, weights[`B${l}`]!).map(relu),
      Float64Array.from(point),
    )
    return [...dense(last, weights["W3"]!, 1, weights["B3"]!)]
  })
  expectClose("outputs", (await outputs(model, weights, x)).data, expected, tolerance.float64.net)
})

test("the convolutional net's outputs are those of plain loops", async () => {
  const { model, weights, x } = prepared("survey-cnn")
  const expected = [0, 1].flatMap((i) => {
    const filtered = [0, 1, 2].reduce(
      (z, l) => {
        const u = conv(z, { W: weights[`W${l}`]!, B: weights[`B${l}`]! })
        return l < 2 ? mapped(u, relu) : u
      },
      imageOf(x, i),
    )
    return [...dense(filtered.data, weights["W3"]!, 1, weights["B3"]!)]
  })
  expectClose("outputs", (await outputs(model, weights, x)).data, expected, tolerance.float64.net)
})

const drawnNet = (more: object) =>
  initial(
    modelOf({
      kind: "mlp",
      inputs: 4,
      hidden: [6, 3],
      outputs: 1,
      activation: "plain-relu",
      weights: { kind: "uniform", from: -0.05, to: 0.05 },
      biases: { kind: "constant", value: 0 },
      ...more,
    }),
    1,
  )

test("with a shared draw the layers of an mlp take their weights from the same numbers, each from the first on", () => {
  const [shared, own] = [drawnNet({ sharedDraw: true }), drawnNet({})]
  for (const name of ["W1", "W2"]) {
    const { data } = shared[name]!
    expect(data).toEqual(own["W0"]!.data.subarray(0, data.length))
    expect(own[name]!.data).not.toEqual(data)
  }
  expect(shared["W0"]).toEqual(own["W0"])
})
