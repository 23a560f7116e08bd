// A training that is watched is the training it would be alone, and what is seen of it is what its weights say.
import { beforeAll, expect, test } from "vitest"
import type { Table, Tensors } from "../../../../pipeline/stage.ts"
import { run as train } from "../../../../stages/dynamics/train/train.run.ts"
import type { WatchParams } from "../../../../stages/dynamics/train/watch.ts"
import { run as watch } from "../../../../stages/dynamics/train/watch.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { plainOutputs } from "../../net/plain.ts"
import { perform } from "../../perform.ts"

const width = 8
const model = { kind: "fc", inputs: 10, depth: 2, width, activation: "softplus" } as const
const params: WatchParams = {
  model,
  method: "difference",
  alpha: 0.1 / Math.sqrt(width),
  loss: "hinge",
  relaxation: { kind: "proportional", mu: 1000 },
  low: 1e-2,
  high: 2e-1,
  stop: { loss: 0, steps: 20_000, time: null },
  dtype: "float64",
  backend: "onnx",
  points: 30,
}
let [data, watched, weights]: [Tensors, Tensors, Tensors] = [{}, {}, {}]
let seen: { readonly curve: Table; readonly layers: Table; readonly end: Table }
let alone: { readonly weights: Tensors; readonly end: Table }

beforeAll(async () => {
  ;({ train: data, test: watched } = await parityOf({ n: 20, nTest: 30 }))
  weights = (await perform(init({ params: { model }, inputs: {}, seed: 3 }))).weights
  seen = await perform(watch({ params, inputs: { data, weights, watched }, seed: 0 }))
  alone = await perform(train({ params, inputs: { data, weights }, seed: 0 }))
}, 60_000)

const rms = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length)
/** Of all W from where they started. */
const distance = (end: Tensors): number =>
  Math.hypot(
    ...["W0", "W1", "W2"].flatMap((name) => Array.from(end[name]!.data, (value, i) => value - weights[name]!.data[i]!)),
  )
const last = (table: Table, column: string): number => Number(table[column]!.at(-1))

test("it takes the same steps and ends where it would", () => {
  expect(seen.end["step"]).toEqual(alone.end["step"])
  expectClose("t2", [last(seen.end, "t")], [last(alone.end, "t")], agreement.run)
})

test("at the end the watched points are where the weights put them", () => {
  const [f0, f] = [weights, alone.weights].map((w) => plainOutputs(w, watched["x"]!, "softplus")) as [
    Float64Array,
    Float64Array,
  ]
  const moved = rms(f.map((value, i) => value - f0[i]!))
  expectClose("moved", [last(seen.end, "moved")], [moved], agreement.run, moved)
  expectClose("scaled", [last(seen.end, "scaled")], [(0.1 / Math.sqrt(width)) * moved], agreement.run)
  expectClose("over root", [last(seen.end, "overRoot")], [(0.1 / width) * moved], agreement.run)
  expectClose("growth", [last(seen.end, "growth")], [rms(f) / (Math.sqrt(width) * rms(f0))], agreement.run)
})

// A training that ends at one half ends at t1.
const movedFarther =
  "all weights have moved farther since t1 by the factor that their movements then and at the end give"
test(movedFarther, async () => {
  const half = await perform(
    train({
      params: { ...params, stop: { loss: 0.5, steps: 20_000, time: null } },
      inputs: { data, weights },
      seed: 0,
    }),
  )
  expectClose(
    "inflation",
    [last(seen.end, "inflation")],
    [distance(alone.weights) / distance(half.weights)],
    agreement.run,
  )
})

// Stopped one step before the output has moved so far, and one step after.
test("so they have since the output moved by the root of the width", async () => {
  const before = plainOutputs(weights, watched["x"]!, "softplus")
  const moved = (end: Tensors): number =>
    rms(plainOutputs(end, watched["x"]!, "softplus").map((value, i) => value - before[i]!))
  const after = async (steps: number): Promise<Tensors> =>
    (
      await perform(
        train({ params: { ...params, stop: { loss: 0, steps, time: null } }, inputs: { data, weights }, seed: 0 }),
      )
    ).weights
  let [low, high] = [0, last(alone.end, "step")]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (moved(await after(middle)) >= Math.sqrt(width)) high = middle
    else low = middle
  }
  // On the straight line between the two, of the logarithms: the output moves by a lot in one step.
  const [start, end] = [await after(low), await after(high)]
  const part = Math.log(Math.sqrt(width) / moved(start)) / Math.log(moved(end) / moved(start))
  const then = distance(start) * (distance(end) / distance(start)) ** part
  expectClose("amplification", [last(seen.end, "amplification")], [distance(alone.weights) / then], agreement.run)
})

// The loss at t1 is the first that a training kept below one half, and between moments nothing leaps.
test("moments are twelve a decade, and at t1 the loss has just passed one half", () => {
  const at = seen.curve["sinceStart"]!.map(Number)
  expect(at).toContain(1)
  expectClose("first", [at[0]!], [1e-3], agreement.run) // long before the loss has moved
  at.slice(1).forEach((moment, i) => expectClose(`${i}`, [moment / at[i]!], [10 ** (1 / 12)], agreement.run))
  const loss = Number(seen.curve["loss"]![at.indexOf(1)])
  expect(loss).toBeLessThan(0.5)
  expect(loss).toBeGreaterThan(0.45)
})

test("each layer has grown by what its weights say since t1, when all stood at 1", () => {
  const of = (name: string, column: string): ReadonlyArray<number> =>
    seen.layers[column]!.filter((_, i) => seen.layers["layer"]![i] === name).map(Number)
  expect(new Set(seen.layers["layer"])).toEqual(new Set(["W0", "W1", "W2"]))
  for (const name of ["W0", "W1", "W2"]) {
    const at = of(name, "sinceStart").indexOf(1)
    expect(of(name, "inflation")[at], name).toBe(1)
    expect(of(name, "inflation").at(-1), name).toBeGreaterThan(1)
  }
})

test("one that never gets there has nothing to show", async () => {
  const { curve, layers, end } = await perform(
    watch({
      params: { ...params, stop: { loss: 0, steps: 5, time: null } },
      inputs: { data, weights, watched },
      seed: 0,
    }),
  )
  expect(curve["t"]).toEqual([])
  expect(layers["layer"]).toEqual([])
  expect([end["converged"], end["inflation"], end["amplification"]]).toEqual([[false], [Number.NaN], [Number.NaN]])
})

test("it looks at the first points only, where it is told so", async () => {
  const some = { x: { shape: [10, 10], data: watched["x"]!.data.subarray(0, 100) } }
  const [few, all] = await Promise.all(
    [
      { points: 10, of: watched },
      { points: 30, of: some },
    ].map(({ points, of }) =>
      perform(watch({ params: { ...params, points }, inputs: { data, weights, watched: of }, seed: 0 })),
    ),
  )
  expect(few!.curve["moved"]).toEqual(all!.curve["moved"])
})

test("in float32 it sees the same", async () => {
  const { curve } = await perform(
    watch({ params: { ...params, dtype: "float32" }, inputs: { data, weights, watched }, seed: 0 }),
  )
  expectClose("moved", [last(curve, "moved") / last(seen.curve, "moved")], [1], agreement.float32Run)
})
