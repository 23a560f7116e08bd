// The stage that draws, trains and measures at once, against the stages that do one of these each.
import { expect, test } from "vitest"
import { Table } from "../../../../pipeline/stage.ts"
import type { DescendParams } from "../../../../stages/dynamics/descend/descend-params.ts"
import { run as descend } from "../../../../stages/dynamics/descend/descend.run.ts"
import { movement as stage } from "../../../../stages/dynamics/descend/movement.ts"
import { run as movement } from "../../../../stages/dynamics/descend/movement.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { perform } from "../../perform.ts"

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
  const { train: data } = await parityOf({ n: 24 })
  const made = await perform(movement({ params, inputs: { data }, seed: 7 }))
  const { weights: start } = await perform(init({ params: { model }, inputs: {}, seed: 7 }))
  const { weights, curve, end } = await perform(descend({ params, inputs: { data, weights: start }, seed: 7 }))
  expect(Object.keys(made)).toEqual(Object.keys(stage.outputs))
  expect(Object.values(stage.outputs).map(({ kind }) => kind)).toEqual([Table.kind, Table.kind, Table.kind])
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

const meanOf = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
