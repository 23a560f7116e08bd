// Training with a fixed optimiser and schedule: against plain loops, and how it ends.
import { Schema } from "effect"
import { beforeAll, describe, expect, test } from "vitest"
import type { Tensors } from "../../../../pipeline/stage.ts"
import { DescendParams } from "../../../../stages/dynamics/descend/descend-params.ts"
import { run } from "../../../../stages/dynamics/descend/descend.run.ts"
import type { Optimizer } from "../../../../stages/dynamics/descend/optimizer-params.ts"
import { rateAt } from "../../../../stages/dynamics/descend/schedule.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { numbers } from "../../../../stages/tensor/double.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { failure, perform } from "../../perform.ts"
import { meansOf, plainDescent, stepsOf } from "./plain-descent.ts"

const [n, width, seed] = [20, 8, 5]
const model = { kind: "fc", inputs: 10, depth: 2, width, activation: "softplus" } as const
const sgd = (momentum: number): Optimizer => ({ kind: "sgd", momentum })
const constant = (rate: number) => ({ kind: "constant", rate }) as const
const base: DescendParams = {
  model,
  method: "direct",
  alpha: 1 / Math.sqrt(width),
  loss: "hinge",
  optimizer: sgd(0),
  schedule: constant(0.01),
  batch: null,
  stop: { loss: 0, steps: 60 },
  dtype: "float64",
  backend: "onnx",
}
let data: Tensors
let weights: Tensors

beforeAll(async () => {
  data = (await parityOf({ n })).train
  weights = (await perform(init({ params: { model }, inputs: {}, seed: 3 }))).weights
})

const descend = async (more: Partial<DescendParams>, from = seed) => {
  const progress: Array<number> = []
  const made = await perform(run({ params: { ...base, ...more }, inputs: { data, weights }, seed: from }), (fraction) =>
    progress.push(fraction),
  )
  return {
    ...made,
    progress,
    losses: made.curve["loss"] as ReadonlyArray<number>,
    converged: made.end["converged"]![0],
  }
}
const moved = (to: Tensors): ReadonlyArray<number> =>
  Object.keys(weights).flatMap((name) => Array.from(to[name]!.data, (w, i) => w - weights[name]!.data[i]!))

const adam = (kind: "adam-pytorch" | "adam-keras"): Optimizer => ({ kind, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 })
describe.each([
  ["gradient descent", { optimizer: sgd(0) }],
  ["momentum", { optimizer: sgd(0.9) }],
  [
    "gradient descent at sqrt(h) alpha = 1e4",
    { optimizer: sgd(0), alpha: 1e4 / Math.sqrt(width), schedule: constant(0.1) },
  ],
  ["Adam of PyTorch", { optimizer: adam("adam-pytorch") }],
  ["Adam of Keras", { optimizer: adam("adam-keras") }],
  ["momentum in batches of 5", { optimizer: sgd(0.9), batch: 5 }],
  [
    "gradient descent in batches of 6, with 2 left over",
    { batch: 6, schedule: { kind: "inverse", rate: 0.02, decay: 0.3 } },
  ],
  [
    "Adam of PyTorch, one point at a time, with a warm-up",
    {
      optimizer: adam("adam-pytorch"),
      batch: 1,
      schedule: { kind: "warm-up-cosine", rate: 0.003, warmUp: 2, epochs: 5 },
    },
  ],
] satisfies ReadonlyArray<readonly [string, Partial<DescendParams>]>)("%s", (_, more: Partial<DescendParams>) => {
  test("goes the way of plain loops, at the rate of each epoch", async () => {
    const params = { ...base, ...more }
    const rate = (epoch: number): number => rateAt(numbers, params.schedule, epoch)
    const made = await descend(more)
    const problem = {
      data,
      initial: weights,
      alpha: params.alpha,
      activation: model.activation,
    }
    const expected = plainDescent(problem, params.optimizer, stepsOf({ n, size: params.batch, seed }, 60, rate))
    const perEpoch = Math.ceil(n / (params.batch ?? n))
    expectClose("losses", made.losses, meansOf(expected.losses, perEpoch), agreement.steps)
    expectClose("weights", moved(made.weights), moved(expected.weights), agreement.steps, 0)
    expect(made.losses.at(-1)).toBeLessThan(0.99)
    expect(made.curve["rate"]).toEqual(made.losses.map((_, epoch) => rate(epoch)))
    expect([made.curve["epoch"], made.curve["step"]]).toEqual([
      made.losses.map((_, i) => i + 1),
      made.losses.map((_, i) => (i + 1) * perEpoch),
    ])
  })
})

test("at a rate of nothing every epoch has the loss of all points, each counted once", async () => {
  const still = { method: "uncentred", schedule: constant(0), stop: { loss: 0, steps: 12 } } as const
  const [whole] = (await descend({ ...still, batch: null })).losses
  const { losses } = await descend({ ...still, batch: 5 })
  expectClose("losses", losses, [whole!, whole!, whole!], tolerance.float64.op)
  // Means over batches: with one left over, they are not means over points.
  expect(new Set((await descend({ ...still, batch: 8 })).losses.map((loss) => loss.toPrecision(6))).size).toBe(4)
})

test("it has converged at the end of the first epoch whose mean loss is low enough", async () => {
  for (const batch of [null, 5, 6]) {
    const { losses, end, curve, progress } = await descend({ batch, stop: { loss: 0.1, steps: 5000 } })
    expect(losses.findIndex((loss) => loss <= 0.1)).toBe(losses.length - 1)
    const last = (name: string) => [curve[name]!.at(-1)]
    expect(end).toEqual({ step: last("step"), epoch: last("epoch"), loss: last("loss"), converged: [true] })
    expect(end["step"]).toEqual([losses.length * Math.ceil(n / (batch ?? n))])
    expect(progress.every((fraction, i) => fraction >= (progress[i - 1] ?? 0) && fraction <= 1)).toBe(true)
    expect(progress.at(-1)).toBe(1)
  }
})

test("a low loss within an epoch is no end", async () => {
  const still = { method: "uncentred", schedule: constant(0), batch: 8 } as const
  const [part, whole] = [
    (await descend({ ...still, stop: { loss: 0, steps: 2 } })).losses[0]!,
    (await descend({ ...still, stop: { loss: 0, steps: 3 } })).losses[0]!,
  ]
  expect(part).toBeLessThan(whole)
  expect((await descend({ ...still, stop: { loss: (part + whole) / 2, steps: 3 } })).end).toEqual({
    step: [3],
    epoch: [1],
    loss: [whole],
    converged: [false],
  })
})

test("a run that is cut short says so, and tells of the part of an epoch it has", async () => {
  const { end, curve, losses } = await descend({ batch: 6, stop: { loss: 0, steps: 10 } })
  expect(curve["step"]).toEqual([4, 8, 10])
  expect(end).toEqual({ step: [10], epoch: [3], loss: [losses[2]], converged: [false] })
  expect(losses.slice(0, 2)).toEqual((await descend({ batch: 6, stop: { loss: 0, steps: 8 } })).losses)
})

test("where the loss is no number the run fails as diverged, and says where", async () => {
  const steep = {
    loss: "square",
    schedule: { kind: "inverse", rate: 1000, decay: 1 },
    batch: 5,
    stop: { loss: 0, steps: 400 },
  } as const
  for (const [dtype, backend] of [
    ["float64", "onnx"],
    ["float32", "onnx"],
    ["float32", "cpu"],
  ] as const) {
    const error = await failure(run({ params: { ...base, ...steep, dtype, backend }, inputs: { data, weights }, seed }))
    expect(error).toMatchObject({
      reason: "Diverged",
      message: expect.stringMatching(
        /^The loss is (NaN|Infinity) at step \d+, in epoch \d+ with rate [\d.]+; it was [\d.e+]+ before\.$/,
      ),
    })
    const [, step, epoch, rate] = error.message.match(/step (\d+), in epoch (\d+) with rate ([\d.]+)/)!.map(Number) as [
      number,
      number,
      number,
      number,
    ]
    expect([epoch, rate]).toEqual([Math.ceil(step / 4), Number((1000 / epoch).toPrecision(4))])
  }
  const broken = { ...data, x: { ...data["x"]!, data: data["x"]!.data.map(() => Number.NaN) } }
  expect(await failure(run({ params: base, inputs: { data: broken, weights }, seed }))).toMatchObject({
    message: "The loss is NaN at step 1, in epoch 1 with rate 0.01000; that is its first value.",
  })
})

test("the same seed gives the same bits, another seed another order", async () => {
  const one = { batch: 6, stop: { loss: 0, steps: 40 } }
  const [first, again, other] = [await descend(one), await descend(one), await descend(one, seed + 1)]
  expect(again).toEqual(first)
  expect(other.losses).not.toEqual(first.losses)
})

test("what a spec leaves out is filled in, and a batch or a number of steps of nothing is refused", () => {
  const said = { ...base, optimizer: { kind: "adam-keras" } }
  const decode = Schema.decodeUnknownSync(DescendParams)
  expect(decode(said).optimizer).toEqual({ kind: "adam-keras", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
  expect(() => decode({ ...said, batch: 0 })).toThrow()
  expect(() => decode({ ...said, stop: { loss: 0, steps: 0 } })).toThrow()
})
