// The stage that draws, trains and measures at once, against the stages that do one of these each.
import { expect, test } from "vitest"
import { Table, type Tensors } from "../../../../pipeline/stage.ts"
import type { DescendParams } from "../../../../stages/dynamics/descend/descend-params.ts"
import { run as descend } from "../../../../stages/dynamics/descend/descend.run.ts"
import { movement as stage } from "../../../../stages/dynamics/descend/movement.ts"
import { run as movement } from "../../../../stages/dynamics/descend/movement.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { failure, perform } from "../../perform.ts"

const model = {
  kind: "mlp",
  inputs: 10,
  hidden: [30, 20],
  outputs: 1,
  activation: "plain-relu",
  weights: { kind: "uniform", from: -0.5, to: 0.5 },
  biases: { kind: "constant", value: 0 },
} as const
const params: DescendParams = {
  model,
  method: "uncentred",
  alpha: 1,
  loss: "logistic",
  optimizer: { kind: "adam-pytorch", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { kind: "constant", rate: 1e-2 },
  batch: 1,
  stop: { loss: 0.1, steps: 2000 },
  dtype: "float32",
  backend: "onnx",
}

test("a net is drawn, trained and measured in one stage as in three, and no weights are left", async () => {
  const { train: data, test } = await parityOf({ n: 24 })
  const made = await perform(movement({ params, inputs: { data, tests: [data, test] }, seed: 7 }))
  const { weights: start } = await perform(init({ params: { model }, inputs: {}, seed: 7 }))
  const { weights, curve, end } = await perform(descend({ params, inputs: { data, weights: start }, seed: 7 }))
  expect(Object.keys(made)).toEqual(Object.keys(stage.outputs))
  expect(Object.values(stage.outputs).map(({ kind }) => kind)).toEqual([Table.kind, Table.kind, Table.kind, Table.kind])
  expect([made.curve, made.end]).toEqual([curve, end])
  expect(end["converged"]).toEqual([true])
  const { arrays } = made
  expect(arrays["array"]).toEqual(Object.keys(start))
  expect(arrays["size"]).toEqual(Object.values(start).map(({ data }) => data.length))
  for (const [i, name] of Object.keys(start).entries()) {
    const change = Array.from(weights[name]!.data, (value, k) => value - start[name]!.data[k]!)
    expect(weights[name]!.data).toBeInstanceOf(Float32Array)
    const expected = [Math.hypot(...start[name]!.data), Math.hypot(...change), meanOf(change.map(Math.abs))]
    const measured = ["start", "moved", "meanMoved"].map((column) => Number(arrays[column]![i]))
    expectClose(name, measured, expected, tolerance.float32.net)
  }
})

test("a trained net is scored on every test, whatever the number of its points", async () => {
  const { train: data, test } = await parityOf({ n: 24, nTest: 1500 })
  const { scores } = await perform(movement({ params, inputs: { data, tests: [data, test] }, seed: 7 }))
  const { weights: start } = await perform(init({ params: { model }, inputs: {}, seed: 7 }))
  const { weights } = await perform(descend({ params, inputs: { data, weights: start }, seed: 7 }))
  const layer = (z: ReadonlyArray<number>, l: number): ReadonlyArray<number> => {
    const { data: W, shape } = weights[`W${l}`]!
    const fanOut = shape[1]!
    return Array.from({ length: fanOut }, (_, j) =>
      z.reduce((sum, value, i) => sum + value * W[i * fanOut + j]!, weights[`B${l}`]!.data[j]!),
    )
  }
  const output = (x: ReadonlyArray<number>): number => {
    const hidden = [0, 1].reduce((z, l) => layer(z, l).map((u) => Math.max(0, u)), x)
    return layer(hidden, 2)[0]!
  }
  for (const [k, { x, y }] of [data, test].entries()) {
    const f = Array.from(y!.data, (_, i) => output(Array.from(x!.data.subarray(10 * i, 10 * i + 10))))
    const margins = f.map((value, i) => value * y!.data[i]!)
    expectClose(
      "loss",
      [Number(scores["loss"]![k])],
      [meanOf(margins.map((m) => Math.log1p(Math.exp(-m))))],
      tolerance.float32.net,
    )
    expect(scores["error"]![k]).toBe(margins.filter((margin) => margin <= 0).length / margins.length)
  }
  expect(scores["test"]).toEqual([0, 1])
})

test("the softmax of one unit is 1 for every net: nothing moves, whatever the labels", async () => {
  const { train } = await parityOf({ n: 24 })
  const data = { x: train["x"]!, y: { shape: [24], data: Int32Array.from({ length: 24 }, (_, i) => i % 10) } }
  const still = { ...params, loss: "categorical-cross-entropy", stop: { loss: -1, steps: 480 } } as const
  for (const batch of [1, 5, null]) {
    const { arrays, curve, end } = await perform(
      movement({ params: { ...still, batch }, inputs: { data, tests: [] }, seed: 7 }),
    )
    expect(new Set([...arrays["moved"]!, ...arrays["meanMoved"]!, ...curve["loss"]!])).toEqual(new Set([0]))
    expect(end["converged"]).toEqual([false])
  }
})

const refusal = async (data: Tensors): Promise<string> => {
  const softmax = { ...params, loss: "softmax-cross-entropy" } as const
  return (await failure(movement({ params: softmax, inputs: { data, tests: [] }, seed: 7 }))).message
}

test("class numbers are refused where a softmax has one unit", async () => {
  const { train } = await parityOf({ n: 24 })
  const classes = { x: train["x"]!, y: { shape: [24], data: Int32Array.from({ length: 24 }, (_, i) => i % 10) } }
  expect(await refusal(classes)).toBe("the label 1 is not a class number: there is one output, so 0 is the only class")
  expect(await refusal(train)).toMatch(/^the label -?1 is not a class number: there is one output/)
})

const meanOf = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
