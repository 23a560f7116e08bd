// The first step of descent against plain loops over a net whose differential is written by hand.
import { expect, test } from "vitest"
import { run } from "../../../stages/observables/first-step.run.ts"
import { run as init } from "../../../stages/net/init.run.ts"
import type { Tensors } from "../../../pipeline/stage.ts"
import { stream } from "../../../stages/random.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"

const [n, inputs, h] = [7, 3, 4]
const model = {
  kind: "two-layer",
  inputs,
  width: h,
  outputs: 1,
  activation: "tanh",
  scaling: "ntk",
  first: { kind: "normal", deviation: 1 },
  last: { kind: "normal", deviation: 1 },
  biases: null,
  doubled: false,
} as const
const { normal } = stream(1, "points")
const points: Tensors = {
  x: { shape: [n, inputs], data: Float64Array.from({ length: n * inputs }, normal) },
  y: { shape: [n], data: Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1)) },
}
const params = { model, alpha: 3, labels: "signs", decrease: 0.05, dtype: "float64", backend: "onnx" } as const

type Numbers = ReadonlyArray<number>

/** The outputs, and the gradient of each output by all weights. */
const plain = (W: Numbers, a: Numbers): { readonly f: Numbers; readonly D: ReadonlyArray<Numbers> } => {
  const rows = Array.from({ length: n }, (_, i) => {
    const x = Array.from(points["x"]!.data.subarray(i * inputs, (i + 1) * inputs))
    const u = a.map((_, j) => x.reduce((sum, value, k) => sum + value * W[k * h + j]!, 0))
    const z = u.map(Math.tanh)
    const slopes = x.flatMap((value) => a.map((each, j) => (each * (1 - z[j]! ** 2) * value) / Math.sqrt(h)))
    return {
      f: a.reduce((sum, each, j) => sum + (each * z[j]!) / Math.sqrt(h), 0),
      D: [...slopes, ...z.map((each) => each / Math.sqrt(h))],
    }
  })
  return { f: rows.map(({ f }) => f), D: rows.map(({ D }) => D) }
}
const length = (values: Numbers): number => Math.hypot(...values)

test.each(["signs", "zero-one"] as const)("its numbers are those of plain loops, with labels as %s", async (labels) => {
  const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 2 }))
  const { step } = await perform(run({ params: { ...params, labels }, inputs: { data: points, weights }, seed: 0 }))
  const [W, a] = ["W0", "W1"].map((name) => Array.from(weights[name]!.data)) as [number[], number[]]
  const y = Array.from(points["y"]!.data, (label) => (labels === "signs" ? label : (label + 1) / 2))
  const { alpha, decrease } = params
  const before = plain(W, a)
  const residual = before.f.map((f, i) => alpha * f - y[i]!)
  const F0 = length(residual) ** 2 / 2
  const gradient = before.D[0]!.map((_, p) => residual.reduce((sum, r, i) => sum + alpha * r * before.D[i]![p]!, 0))
  const rate = (decrease * F0) / length(gradient) ** 2
  const moved = [...W, ...a].map((w, p) => w - rate * gradient[p]!)
  const after = plain(moved.slice(0, W.length), moved.slice(W.length))
  const F1 = length(after.f.map((f, i) => alpha * f - y[i]!)) ** 2 / 2
  const all = before.D.flat()
  const change = length(after.D.flat().map((value, k) => value - all[k]!))
  const [lossChange, differentialChange] = [(F0 - F1) / F0, change / length(all)]
  const expected = {
    rate,
    lossChange,
    linear: decrease / lossChange,
    printed: (rate * length(gradient)) / F0 / lossChange,
    differentialChange,
    ratio: differentialChange / lossChange,
    tightness: length(gradient) / (alpha * length(all) * length(residual)),
    kappa: (length(residual) * change) / (rate * length(gradient) * alpha * length(all) ** 2),
    // Of the loss (1/2 r^2): the ratio over kappa is one over twice the tightness, but for the curvature of the loss.
    overKappa: (decrease * F0) / (F0 - F1) / ((2 * length(gradient)) / (alpha * length(all) * length(residual))),
  }
  for (const [name, value] of Object.entries(expected))
    expectClose(name, [Number(step[name]![0])], [value], tolerance.float64.net)
  // The operator norm is at most the Frobenius norm, and at least the length of any row.
  const tight = Number(step["tightnessOperator"]![0])
  const rows = Math.max(...before.D.map(length))
  expect(tight).toBeGreaterThan(expected.tightness)
  expect(tight).toBeLessThanOrEqual((expected.tightness * length(all)) / rows)
})

test("a net of several outputs is refused", async () => {
  const wide = { ...model, outputs: 2 }
  const { weights } = await perform(init({ params: { model: wide }, inputs: {}, seed: 2 }))
  const data = { ...points, y: { shape: [n, 2], data: new Float64Array(2 * n) } }
  const refused = run({ params: { ...params, model: wide }, inputs: { data, weights }, seed: 0 })
  expect((await failure(refused)).message).toBe("the net has 2 outputs, but it must have one")
})

test("a net that fits its points already has no first step", async () => {
  const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 2 }))
  const still = { ...weights, W0: { shape: [inputs, h], data: new Float64Array(inputs * h) } }
  const data = { ...points, y: { shape: [n], data: new Float64Array(n) } }
  expect((await failure(run({ params, inputs: { data, weights: still }, seed: 0 }))).message).toBe(
    "the loss is 0 and its gradient 0 at the start, so no step changes it",
  )
})
