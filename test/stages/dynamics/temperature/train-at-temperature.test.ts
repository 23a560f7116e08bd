// Training at a temperature: against the same scheme in plain loops, against training without one, and how it ends.
import { Schema } from "effect"
import { beforeAll, expect, test } from "vitest"
import type { Table, Tensors } from "../../../../pipeline/stage.ts"
import { batchSize, largestStep, temperature } from "../../../../stages/dynamics/temperature/temperature.ts"
import { TrainAtTemperatureParams } from "../../../../stages/dynamics/temperature/train-at-temperature.ts"
import { run } from "../../../../stages/dynamics/temperature/train-at-temperature.run.ts"
import { run as train } from "../../../../stages/dynamics/train/train.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { stream } from "../../../../stages/random.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { failure, perform } from "../../perform.ts"
import { some } from "../descend/plain-descent.ts"
import { margins, type NoisyProblem, plainNoise } from "./plain-temperature.ts"

const [n, width, seed] = [20, 8, 4]
const model = { kind: "fc", inputs: 10, depth: 2, width, activation: "softplus" } as const
const upTo = (steps: number): TrainAtTemperatureParams["stop"] => ({ loss: 0, steps, time: null })
const base: TrainAtTemperatureParams = {
  model,
  method: "direct",
  alpha: 1 / Math.sqrt(width),
  loss: "hinge",
  temperature: 1e-3,
  batches: "paper-text",
  largestBatch: 13,
  smallestBatch: 1,
  relaxation: { kind: "proportional", mu: 1000 },
  low: 1e-2,
  high: 2e-1,
  stop: upTo(20_000),
  dtype: "float64",
  backend: "onnx",
}
let data: Tensors
let weights: Tensors

beforeAll(async () => {
  data = (await parityOf({ n })).train
  weights = (await perform(init({ params: { model }, inputs: {}, seed: 3 }))).weights
})

const wander = async (more: Partial<TrainAtTemperatureParams>, from = seed) => {
  const progress: Array<number> = []
  const made = await perform(run({ params: { ...base, ...more }, inputs: { data, weights }, seed: from }), (fraction) =>
    progress.push(fraction),
  )
  const [step, undone, t, loss] = ["step", "undone", "t", "loss"].map((column) => Number(made.end[column]![0])) as [
    number,
    number,
    number,
    number,
  ]
  const column = (name: string) => made.curve[name] as ReadonlyArray<number>
  return { ...made, progress, step, undone, t, loss, column, converged: made.end["converged"]![0] }
}
const moved = (to: Tensors): ReadonlyArray<number> =>
  Object.keys(weights).flatMap((name) => Array.from(to[name]!.data, (w, i) => w - weights[name]!.data[i]!))
const problem = (sqrtHAlpha: number): NoisyProblem => ({
  data,
  initial: weights,
  alpha: sqrtHAlpha / Math.sqrt(width),
  activation: model.activation,
})
const all = Int32Array.from({ length: n }, (_, i) => i)

/** When the loss is first below one half. */
const halfTime = (curve: Table): number => Number(curve["t"]![curve["loss"]!.findIndex((loss) => Number(loss) < 0.5)])

test("with batches from all points the first tries are those of plain loops", async () => {
  const params = { ...base, stop: upTo(150) }
  const made = await wander(params)
  const expected = await plainNoise(problem(1), params, stream(seed, "batches"))
  expect([made.step, made.undone, made.converged, expected.padded]).toEqual([
    150 - expected.undone,
    expected.undone,
    false,
    true,
  ])
  expectClose("t", [made.t / expected.t], [1], agreement.steps)
  expectClose("weights", moved(made.weights), moved(expected.weights), agreement.steps, 0)
})

test(
  "with batches from unsatisfied points every try is that of plain loops, until fewer are left than asked for, " +
    "and none",
  async () => {
    const params = { ...base, batches: "paper-code", high: 5e-2, smallestBatch: 3 } as const
    const made = await wander(params)
    const expected = await plainNoise(
      problem(1),
      { ...params, stop: upTo(made.step + made.undone) },
      stream(seed, "batches"),
    )
    expect([made.undone, made.undone > 0, made.converged, expected.padded, expected.short]).toEqual([
      expected.undone,
      true,
      true,
      true,
      true,
    ])
    expectClose("t", [made.t / expected.t], [1], agreement.steps)
    expectClose("weights", moved(made.weights), moved(expected.weights), agreement.steps, 0)
  },
)

test("without temperature, nearly, batches are of all points and the path is that of `train`", async () => {
  for (const sqrtHAlpha of [0.1, 1, 100]) {
    const fine = { alpha: sqrtHAlpha / Math.sqrt(width), low: 1e-3, high: 2e-2 }
    const cold = await wander({ ...fine, temperature: 1e-8, largestBatch: 64 })
    const {
      temperature: _,
      batches: _rule,
      largestBatch: _most,
      smallestBatch: _least,
      ...params
    } = { ...base, ...fine }
    const none = await perform(train({ params, inputs: { data, weights }, seed: 0 }))
    expect([cold.converged, none.end["converged"]![0]]).toEqual([true, true])
    expectClose(`t at ${sqrtHAlpha}`, [cold.t / Number(none.end["t"]![0])], [1], agreement.cold)
    expectClose(`weights at ${sqrtHAlpha}`, moved(cold.weights), moved(none.weights), agreement.cold, 0)
    expectClose(`half time at ${sqrtHAlpha}`, [halfTime(cold.curve) / halfTime(none.curve)], [1], agreement.cold)
    expect(cold.column("batch").filter((_, i) => cold.column("loss")[i]! < 0.999)).toSatisfy(
      (batches: ReadonlyArray<number>) => batches.every((batch) => batch === n),
    )
  }
})

test("along the way a batch is what the temperature asks of its step, and neither passes its bound", async () => {
  for (const batches of ["paper-text", "paper-code"] as const) {
    const T = 1e-3
    const { column } = await wander({ batches, temperature: T, largestBatch: 5 })
    const [steps, sizes] = [column("dt"), column("batch")]
    expect([steps[0], sizes[0], Math.max(...sizes)]).toEqual([T, 1, 5])
    for (const [i, dt] of steps.entries()) {
      expect(sizes[i]).toBe(Math.max(1, Math.round(batchSize(T, dt, n))))
      expect(dt).toBeLessThanOrEqual(largestStep(T, 5, n))
      // Half a point more or less, as far as rounding goes; a step too small for one point has less.
      if (dt >= T)
        expect(temperature(dt, sizes[i]! + 0.5, n) <= T && T <= temperature(dt, sizes[i]! - 0.5, n)).toBe(true)
    }
  }
})

test("batches of unsatisfied points end where every margin is reached", async () => {
  for (const [sqrtHAlpha, temperature] of [
    [0.1, 1e-4],
    [1, 1e-3],
    [100, 1e-2],
  ] as const) {
    const made = await wander({ batches: "paper-code", alpha: sqrtHAlpha / Math.sqrt(width), temperature })
    expect([made.converged, made.loss]).toEqual([true, 0])
    expectClose(
      "what margins lack",
      [Math.min(1, ...margins(problem(sqrtHAlpha), made.weights, all))],
      [1],
      agreement.steps,
    )
  }
})

test("all points are looked at before the first step, every n points, and at the end", async () => {
  const single = { low: 0, high: 1e9 } // steps that stay what they are, for one point each
  expect((await wander({ ...single, stop: upTo(60) })).progress.length).toBe(4)
  expect((await wander({ ...single, stop: upTo(65) })).progress.length).toBe(5)
})

test("the curve begins at loss 1 and ends where the run does", async () => {
  const { column, end } = await wander({})
  expect([column("t")[0], column("loss")[0]]).toEqual([0, 1])
  for (const name of ["step", "t", "loss"]) expect(column(name).at(-1)).toBe(end[name]![0])
  expect(column("scaledTime")).toEqual(column("t"))
})

test("a run that is cut short, by steps or by time, says so and gives what it has", async () => {
  const short = await wander({ stop: upTo(100) })
  expect([short.step + short.undone, short.converged, short.loss > 0]).toEqual([100, false, true])
  const late = await wander({ stop: { loss: 0, steps: 20_000, time: 0.5 } })
  expect([late.t >= 0.5, late.converged]).toEqual([true, false])
  expectClose(
    "loss of what is given",
    [late.loss],
    [margins(problem(1), late.weights, all).reduce((sum, each) => sum + Math.max(0, 1 - each), 0) / n],
    agreement.steps,
  )
})

test("the same seed gives the same bits, another seed other batches", async () => {
  const few = { stop: upTo(200) }
  expect(await wander(few)).toMatchObject({ weights: (await wander(few)).weights })
  expect((await wander(few, seed + 1)).weights).not.toEqual((await wander(few)).weights)
})

test("float32, by ONNX Runtime or by TF.js, takes the steps that float64 takes", async () => {
  const few = { stop: upTo(120), method: "difference" } as const
  const double = await wander(few)
  for (const backend of ["onnx", "cpu"] as const) {
    expectClose(
      backend,
      moved((await wander({ ...few, dtype: "float32", backend })).weights),
      moved(double.weights),
      agreement.descent,
      0,
    )
  }
})

test("where the loss is no number the run fails as diverged", async () => {
  const broken = { ...data, x: { ...data["x"]!, data: data["x"]!.data.map(() => 1e300) } }
  const error = await failure(run({ params: base, inputs: { data: broken, weights }, seed }))
  expect(error).toMatchObject({ reason: "Diverged", message: expect.stringMatching(/after step \d+ at t = .*dt = /) })
})

const refusedParams =
  "no temperature, batches of unsatisfied points for another loss than the hinge, and one point alone are refused"
test(refusedParams, async () => {
  const decode = Schema.decodeUnknownSync(TrainAtTemperatureParams)
  expect(decode(base)).toEqual(base)
  expect(() => decode({ ...base, temperature: 0 })).toThrow()
  expect(() => decode({ ...base, loss: "logistic", batches: "paper-code" })).toThrow(/hinge/)
  expect(() => decode({ ...base, smallestBatch: 14 })).toThrow(/smallest/)
  const alone = { x: some(data["x"]!, [0]), y: some(data["y"]!, [0]) }
  expect(await failure(run({ params: base, inputs: { data: alone, weights }, seed }))).toMatchObject({
    reason: "InvalidInput",
    message: expect.stringMatching(/two points/),
  })
})
