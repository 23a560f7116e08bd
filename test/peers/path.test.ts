// The same training in PyTorch, from the same weights and points: the path is the same.
import { beforeAll, expect } from "vitest"
import type { Tensors } from "../../pipeline/stage.ts"
import type { TrainParams } from "../../stages/dynamics/train/train.ts"
import { run as train } from "../../stages/dynamics/train/train.run.ts"
import { modelOf } from "../../stages/net/model-of.ts"
import { grouped, groupOf } from "../../stages/net/group.ts"
import { initial } from "../../stages/net/model.ts"
import { parityOf } from "../stages/data/mnist.ts"
import { perform } from "../stages/perform.ts"
import { expectClose } from "../support/tolerance.ts"
import { ask, peerTest } from "./ask.ts"
import { agreement } from "./tolerance.ts"

const width = 16
const mu = 1000
/** Steps tried, of which at least a hundred are taken. */
const moments = [25, 50, 75, 100, 125]
const model = (activation: "softplus" | "relu") => ({ kind: "fc", inputs: 10, depth: 3, width, activation }) as const
type Case = Pick<TrainParams, "alpha" | "method"> & {
  readonly activation: "softplus" | "relu"
  readonly high?: number
}

let data: Tensors
beforeAll(async () => {
  data = (await parityOf({ n: 50 })).train
})

/** Where our training is after so many tries. */
const after = async ({ activation, high = 2e-1, ...more }: Case, weights: Tensors, steps: number) => {
  const flow = {
    relaxation: { kind: "proportional", mu },
    low: 1e-2,
    high,
    stop: { loss: 0, steps, time: null },
  } as const
  const progress: Array<number> = []
  const made = await perform(
    train({
      params: { ...more, ...flow, model: model(activation), loss: "hinge", dtype: "float64", backend: "onnx" },
      inputs: { data, weights },
      seed: 0,
    }),
    (fraction) => progress.push(fraction),
  )
  const [t, loss, undone] = ["t", "loss", "undone"].map((column) => Number(made.end[column]![0])) as [
    number,
    number,
    number,
  ]
  return { weights: made.weights, t, loss, undone, progress }
}

const flat = (arrays: Tensors): Float64Array =>
  Float64Array.from(
    Object.keys(arrays)
      .sort()
      .flatMap((name) => Array.from(arrays[name]!.data)),
  )

const follows = async (each: Case): Promise<number> => {
  const weights = initial(modelOf(model(each.activation)), 5)
  const moved = (to: Tensors): Float64Array =>
    flat(
      Object.fromEntries(
        Object.entries(to).map(([name, { shape, data }]) => [
          name,
          { shape, data: data.map((w, i) => w - weights[name]!.data[i]!) },
        ]),
      ),
    )
  // From where the loss has left 1, and rounding no longer decides what moves; the velocity has forgotten all before,
  // since
  // (t / (t + dt))^mu is 1e-41.
  const from = (await after(each, weights, 2000)).progress.findIndex((fraction) => fraction > 1e-4)
  const [start, next] = [await after(each, weights, from), await after(each, weights, from + 1)]
  expect(start.undone).toBe(0)
  const params = {
    activation: each.activation,
    alpha: each.alpha,
    mu,
    low: 1e-2,
    high: each.high ?? 2e-1,
    t: start.t,
    dt: next.t - start.t,
    moments,
  }
  const theirs = await ask("path", params, {
    x: data["x"]!,
    y: data["y"]!,
    ...grouped("initial", weights),
    ...grouped("start", start.weights),
  })
  for (const tries of moments) {
    const ours = await after(each, weights, from + tries)
    expectClose(`movement after ${tries}`, moved(ours.weights), flat(groupOf(`${tries}`, theirs)), agreement.path, 0)
    expectClose(`loss after ${tries}`, [ours.loss / theirs["loss"]!.data[tries - 1]!], [1], agreement.path)
    expectClose(`t after ${tries}`, [ours.t / theirs["t"]!.data[tries - 1]!], [1], agreement.path)
    if (tries === moments.at(-1)) expect(ours.undone).toBe(theirs["undone"]!.data[0])
  }
  return theirs["undone"]!.data[0]!
}

for (const activation of ["softplus", "relu"] as const) {
  for (const sqrtHAlpha of [0.01, 1, 1e4]) {
    for (const method of ["direct", "difference"] as const) {
      peerTest(
        `over a hundred steps ${activation} nets at √h·α = ${sqrtHAlpha}, method ${method}, take PyTorch's path`,
        async () => {
          expect(
            moments.at(-1)! - (await follows({ activation, alpha: sqrtHAlpha / Math.sqrt(width), method })),
          ).toBeGreaterThanOrEqual(100)
        },
      )
    }
  }
}

peerTest("where steps are undone, the same ones are undone in PyTorch", async () => {
  const undone = await follows({ activation: "softplus", alpha: 1 / Math.sqrt(width), method: "direct", high: 1.05e-2 })
  expect(undone).toBeGreaterThan(0)
})
