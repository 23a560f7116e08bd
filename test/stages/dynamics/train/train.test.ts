// Training of a small net on real points: against the same scheme in plain loops, step by step and at the end.
import { beforeAll, expect, test } from "vitest"
import type { Tensors } from "../../../../pipeline/stage.ts"
import type { TrainParams } from "../../../../stages/dynamics/train/train.ts"
import { run } from "../../../../stages/dynamics/train/train.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { failure, perform } from "../../perform.ts"
import { atRest, plainGradient, plainTrain, type PlainProblem } from "../plain.ts"

const width = 8
const mu = 1000
const upTo = (steps: number): TrainParams["stop"] => ({ loss: 0, steps, time: null })
const model = { kind: "fc", inputs: 10, depth: 2, width, activation: "softplus" } as const
const base: TrainParams = {
  model,
  method: "direct",
  alpha: 1 / Math.sqrt(width),
  loss: "hinge",
  relaxation: { kind: "proportional", mu },
  low: 1e-2,
  high: 2e-1,
  stop: upTo(20_000),
  dtype: "float64",
  backend: "onnx",
}
let data: Tensors
let weights: Tensors

beforeAll(async () => {
  data = (await parityOf({ n: 20 })).train
  weights = (await perform(init({ params: { model }, inputs: {}, seed: 3 }))).weights
})

const train = async (more: Partial<TrainParams>) => {
  const progress: Array<number> = []
  const made = await perform(run({ params: { ...base, ...more }, inputs: { data, weights }, seed: 0 }), (fraction) =>
    progress.push(fraction),
  )
  const [step, undone, t, loss] = ["step", "undone", "t", "loss"].map((column) => Number(made.end[column]![0])) as [
    number,
    number,
    number,
    number,
  ]
  return { ...made, progress, step, undone, t, loss, converged: made.end["converged"]![0] }
}
const problem = (more: Partial<TrainParams>): PlainProblem => {
  const params = { ...base, ...more }
  return {
    ...params,
    mu,
    activation: (params.model as typeof model).activation,
    data,
    initial: weights,
    alpha: params.alpha,
  }
}
const flat = (arrays: Readonly<Record<string, { readonly data: ArrayLike<number> } | Float64Array>>): Float64Array =>
  Float64Array.from(
    Object.keys(arrays)
      .sort()
      .flatMap((name) => Array.from("data" in arrays[name]! ? arrays[name].data : arrays[name]!)),
  )
const moved = (to: Tensors): Float64Array => flat(to).map((w, i) => w - flat(weights)[i]!)

/** How many tries until the loss has left 1 by a millionth: before that, what moves is decided by rounding. */
const awake = async (more: Partial<TrainParams>): Promise<number> => {
  const { progress } = await train({ ...more, stop: upTo(800) })
  return progress.findIndex((fraction) => fraction > 1e-6)
}

test("the first steps go down the gradient of the loss", async () => {
  const made = await train({ stop: upTo(await awake({})) })
  const gradient = flat(plainGradient(problem({}), weights))
  expectClose(
    "movement over time",
    moved(made.weights).map((change) => change / made.t),
    gradient.map((slope) => -slope),
    agreement.firstSteps,
  )
})

for (const [name, more] of [
  ["feature learning", { alpha: 0.01 / Math.sqrt(width) }],
  ["the crossover", { alpha: 1 / Math.sqrt(width), model: { ...model, activation: "relu" } }],
  ["the lazy regime", { alpha: 1e4 / Math.sqrt(width) }],
] as const) {
  test(`in ${name} every step is that of plain loops, and so is the end`, async () => {
    // From where rounding has no say any more: the velocity has forgotten all before, since (t / (t + dt))^mu is 1e-41.
    const from = await awake(more)
    const [start, next, whole] = [
      await train({ ...more, stop: upTo(from) }),
      await train({ ...more, stop: upTo(from + 1) }),
      await train(more),
    ]
    expect([start.step, start.undone]).toEqual([from, 0])
    const state = atRest(start.weights, start.t, next.t - start.t)
    {
      const expected = plainTrain(problem(more), state, 60)
      const made = await train({ ...more, stop: upTo(from + 60) })
      expectClose(
        "losses",
        made.progress.slice(from + 1).map((fraction) => 1 - fraction),
        expected.losses,
        agreement.steps,
      )
      expectClose("weights", moved(made.weights), moved(expected.end.weights), agreement.steps, 0)
      expectClose("t", [made.t / expected.end.t], [1], agreement.steps)
    }
    {
      const expected = plainTrain(problem(more), state, base.stop.steps)
      expect([whole.step - start.step, whole.undone, whole.loss, whole.converged]).toEqual([
        expected.losses.length,
        expected.undone,
        0,
        true,
      ])
      expectClose("weights", moved(whole.weights), moved(expected.end.weights), agreement.run, 0)
      expectClose("t", [whole.t / expected.end.t], [1], agreement.run)
    }
  })
}

test("with the paper's bounds the first sixty steps are those of plain loops", async () => {
  const more = { alpha: 0.1 / Math.sqrt(width), low: 1e-4, high: 1e-2 }
  const from = await awake(more)
  const [start, next, made] = [
    await train({ ...more, stop: upTo(from) }),
    await train({ ...more, stop: upTo(from + 1) }),
    await train({ ...more, stop: upTo(from + 60) }),
  ]
  const expected = plainTrain(problem(more), atRest(start.weights, start.t, next.t - start.t), 60)
  expectClose("weights", moved(made.weights), moved(expected.end.weights), agreement.steps, 0)
  expectClose("t", [made.t / expected.end.t], [1], agreement.steps)
})

const curveTimes =
  "the curve has the time over sqrt(h) alpha beside the time, begins at loss 1 and ends where the run does"
test(curveTimes, async () => {
  const { curve, end } = await train({ alpha: 0.1 / Math.sqrt(width) })
  expect(curve["t"]![0]).toBe(0)
  expect(curve["loss"]![0]).toBe(1)
  for (const column of ["step", "t", "loss"]) expect(curve[column]!.at(-1)).toBe(end[column]![0])
  expect(curve["scaledTime"]).toEqual(curve["t"]!.map((t) => Number(t) / 0.1))
})

test("the same inputs give the same bits", async () => {
  const [first, again] = [await train({}), await train({})]
  expect(again).toEqual(first)
})

test("float32 ends where float64 does, up to a scale of ten", async () => {
  for (const sqrtHAlpha of [0.1, 1, 10]) {
    const [single, double] = [
      await train({ alpha: sqrtHAlpha / Math.sqrt(width), dtype: "float32" }),
      await train({ alpha: sqrtHAlpha / Math.sqrt(width) }),
    ]
    expect([single.converged, double.converged]).toEqual([true, true])
    expectClose(`t at ${sqrtHAlpha}`, [single.t / double.t], [1], agreement.float32Run)
    expectClose(`weights at ${sqrtHAlpha}`, moved(single.weights), moved(double.weights), agreement.float32Run, 0)
  }
})

test("progress only grows, within 0 and 1", async () => {
  for (const sqrtHAlpha of [0.01, 1, 1e4]) {
    const { progress } = await train({ alpha: sqrtHAlpha / Math.sqrt(width) })
    expect(progress.every((fraction, i) => fraction >= (progress[i - 1] ?? 0) && fraction <= 1)).toBe(true)
    expect(progress.at(-1)).toBe(1)
  }
})

test("a run that is cut short says so and gives what it has", async () => {
  const { converged, step, weights, loss } = await train({ stop: upTo(200) })
  expect([converged, step]).toEqual([false, 200])
  expect(loss).toBeGreaterThan(0)
  expect(flat(weights).every(Number.isFinite)).toBe(true)
})

test("where the loss is no number the run fails as diverged", async () => {
  const broken = { ...data, x: { ...data["x"]!, data: Float64Array.from(data["x"]!.data).fill(1e300) } }
  for (const [dtype, backend] of [
    ["float64", "onnx"],
    ["float32", "onnx"],
    ["float32", "cpu"],
  ] as const) {
    const error = await failure(
      run({ params: { ...base, dtype, backend }, inputs: { data: broken, weights }, seed: 0 }),
    )
    expect(error).toMatchObject({ reason: "Diverged", message: expect.stringMatching(/after step \d+ at t = .*dt = /) })
  }
})

test("TF.js itself, step by step, ends where the compiled loop does", async () => {
  const [eager, compiled] = [await train({ dtype: "float32", backend: "cpu" }), await train({})]
  expect([eager.converged, compiled.converged]).toEqual([true, true])
  expectClose("t", [eager.t / compiled.t], [1], agreement.float32Run)
  expectClose("weights", moved(eager.weights), moved(compiled.weights), agreement.float32Run, 0)
})
