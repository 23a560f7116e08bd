// Training with a fixed optimiser and schedule on other nets and losses, and in float32.
import { beforeAll, expect, test } from "vitest"
import type { Tensors } from "../../../../pipeline/stage.ts"
import type { DescendParams } from "../../../../stages/dynamics/descend/descend-params.ts"
import { run } from "../../../../stages/dynamics/descend/descend.run.ts"
import type { Architecture } from "../../../../stages/net/architecture.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { perform } from "../../perform.ts"
import { imagesOf, parityOfDigits } from "../images.ts"

const sgd = (momentum: number) => ({ kind: "sgd", momentum }) as const
const adam = (epsilon: number) => ({ kind: "adam-pytorch", beta1: 0.9, beta2: 0.999, epsilon }) as const
const constant = (rate: number) => ({ kind: "constant", rate }) as const
const upTo = (loss: number): DescendParams["stop"] => ({ loss, steps: 20_000 })
let data: Tensors

beforeAll(async () => {
  data = (await parityOf({ n: 20 })).train
})

const startOf = async (model: Architecture): Promise<Tensors> =>
  (await perform(init({ params: { model }, inputs: {}, seed: 3 }))).weights
const descend = async (params: DescendParams, inputs: { readonly data: Tensors; readonly weights: Tensors }) => {
  const made = await perform(run({ params, inputs, seed: 5 }))
  return { ...made, losses: made.curve["loss"] as ReadonlyArray<number>, converged: made.end["converged"]![0] }
}

test("float32, by ONNX Runtime or by TF.js, goes where float64 does", async () => {
  const model = { kind: "fc", inputs: 10, depth: 2, width: 8, activation: "softplus" } as const
  const weights = await startOf(model)
  const moved = (to: Tensors): ReadonlyArray<number> =>
    Object.keys(weights).flatMap((name) => Array.from(to[name]!.data, (w, i) => w - weights[name]!.data[i]!))
  for (const more of [
    { batch: 6, optimizer: adam(1e-4) },
    { batch: null, optimizer: sgd(0.9) },
  ]) {
    const params = {
      model,
      method: "direct",
      alpha: 1 / Math.sqrt(8),
      loss: "hinge",
      schedule: constant(0.01),
      stop: { loss: 0, steps: 60 },
      ...more,
    } as const
    const double = await descend({ ...params, dtype: "float64", backend: "onnx" }, { data, weights })
    for (const backend of ["onnx", "cpu"] as const) {
      const single = await descend({ ...params, dtype: "float32", backend }, { data, weights })
      expectClose(`losses, ${backend}`, single.losses, double.losses, agreement.descent)
      expectClose(`weights, ${backend}`, moved(single.weights), moved(double.weights), agreement.descent, 0)
    }
  }
})

test("arrays that are frozen stay, the others move", async () => {
  const model: Architecture = { kind: "random-features", inputs: 10, width: 40, outputs: 1, activation: "plain-relu" }
  const weights = await startOf(model)
  const made = await descend(
    {
      model,
      method: "uncentred",
      alpha: 1,
      loss: "square",
      optimizer: sgd(0),
      schedule: constant(0.02),
      batch: 5,
      stop: upTo(0.05),
      dtype: "float64",
      backend: "onnx",
    },
    { data, weights },
  )
  expect([made.losses[0]! > 0.3, made.converged]).toEqual([true, true])
  expect(made.weights["W0"]).toEqual(weights["W0"])
  expect(made.weights["W1"]).not.toEqual(weights["W1"])
})

test("a convolutional net learns a few real images", async () => {
  const model = { kind: "cnn", channels: 1, filter: 5, width: 4 } as const
  const { x, digits } = imagesOf(30)
  const params: DescendParams = {
    model,
    method: "difference",
    alpha: 1,
    loss: "hinge",
    optimizer: sgd(0.9),
    schedule: constant(0.01),
    batch: 8,
    stop: upTo(0.02),
    dtype: "float32",
    backend: "onnx",
  }
  const made = await descend(params, { data: { x, y: parityOfDigits(digits) }, weights: await startOf(model) })
  expect([made.losses[0]! > 0.5, made.converged]).toEqual([true, true])
})

test("softmax of ten classes comes down to a low loss on real digits", async () => {
  const model = {
    kind: "mlp",
    inputs: 784,
    hidden: [32, 32],
    outputs: 10,
    activation: "plain-relu",
    weights: { kind: "pytorch" },
    biases: { kind: "pytorch" },
  } as const
  const { x, digits } = imagesOf(100)
  const params: DescendParams = {
    model,
    method: "uncentred",
    alpha: 1,
    loss: "softmax-cross-entropy",
    optimizer: adam(1e-8),
    schedule: constant(1e-3),
    batch: 32,
    stop: upTo(0.01),
    dtype: "float32",
    backend: "onnx",
  }
  const made = await descend(params, {
    data: { x: { shape: [100, 784], data: x.data }, y: digits },
    weights: await startOf(model),
  })
  expect([Math.abs(made.losses[0]! - Math.LN10) < 0.5, made.converged]).toEqual([true, true])
})
