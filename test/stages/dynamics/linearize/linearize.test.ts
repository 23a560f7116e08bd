// Learning with a frozen kernel: one point by hand, many points in F instead of coefficients, and the limit in which
// training a net becomes it.
import { expect, test } from "vitest"
import type { Tensor } from "../../../../pipeline/stage.ts"
import type { Moment } from "../../../../stages/dynamics/flow.ts"
import type { LinearizeParams } from "../../../../stages/dynamics/linearize/linearize.ts"
import { frozenFlow, run } from "../../../../stages/dynamics/linearize/linearize.run.ts"
import { run as trainRun } from "../../../../stages/dynamics/train/train.run.ts"
import { run as measureRun } from "../../../../stages/observables/measure.run.ts"
import { run as init } from "../../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"
import { parityOf } from "../../data/mnist.ts"
import { perform } from "../../perform.ts"
import { plainKernel } from "../../net/plain.ts"

const proportional = (mu: number): LinearizeParams["relaxation"] => ({ kind: "proportional", mu })
const upTo = (steps: number): LinearizeParams["stop"] => ({ loss: 0, steps, time: null })
const model: LinearizeParams["model"] = { kind: "fc", inputs: 10, depth: 2, width: 32, activation: "softplus" }
const params: LinearizeParams = {
  model,
  relaxation: proportional(1000),
  low: 1e-2,
  high: 2e-1,
  stop: upTo(50_000),
  dtype: "float64",
  backend: "onnx",
}
const tensor = (shape: ReadonlyArray<number>, ...data: ReadonlyArray<number>): Tensor => ({
  shape,
  data: Float64Array.from(data),
})

/** The flow in F = K c itself, straight from G-FROZEN. */
const inOutputs = (
  K: Float64Array,
  y: Float64Array,
): { readonly F: Float64Array; readonly t: number; readonly steps: number } => {
  const n = y.length
  let [F, v, t, dt, steps] = [new Float64Array(n), new Float64Array(n), 0, 1e-50, 0]
  while (F.some((each, i) => 1 - y[i]! * each >= 0)) {
    const x = (t / (t + dt)) ** 1000
    const [pull, before] = [Float64Array.from(y, (label, i) => (1 - label * F[i]! >= 0 ? label / n : 0)), v]
    const v2 = before.map(
      (each, i) => x * each + (1 - x) * pull.reduce((sum, value, j) => sum + K[i * n + j]! * value, 0),
    )
    const change = dt * v2.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
    if (change > params.high) {
      dt /= 10
      continue
    }
    const from = F
    F = from.map((each, i) => each + dt * v2[i]!)
    v = v2
    t += dt
    steps++
    if (change < params.low) dt *= change < 1e-3 * params.low ? 10 : 1.1
  }
  return { F, t, steps }
}

// While the point is active, v relaxes to y / n = -1 and c = -t: F = K c passes the margin -1 at t = 1 / K = 1/4.
test("one point moves at the speed of its kernel, and stops past its margin", async () => {
  const { c, end } = await frozenFlow(
    tensor([1, 1], 4),
    tensor([1], -1),
    { ...params, relaxation: proportional(1e6) },
    () => {},
  )
  expect(end).toMatchObject({ converged: true, loss: 0 })
  expectClose("c", c, [-end.t], agreement.run)
  expect(4 * end.t).toBeGreaterThan(1)
  expect(4 * end.t).toBeLessThanOrEqual(1 + params.high)
})

// With steps that always grow, c does not depend on K; so K = 1 / c[n] brings F to exactly 1 at step n.
test("a point exactly at its margin has no loss, and the flow goes one step on", async () => {
  const free = { ...params, low: Infinity, high: Infinity }
  for (let n = 100; ; n++) {
    const { c } = await frozenFlow(tensor([1, 1], 1e-100), tensor([1], 1), { ...free, stop: upTo(n) }, () => {})
    if ((1 / c[0]!) * c[0]! !== 1) continue
    const seen: Array<Moment> = []
    const { end } = await frozenFlow(tensor([1, 1], 1 / c[0]!), tensor([1], 1), free, (moment) => seen.push(moment))
    expect(seen[n]!.loss).toBe(Number.MIN_VALUE)
    expect([end.step, end.loss, end.converged]).toEqual([n + 1, 0, true])
    return
  }
})

test("coefficients lead where outputs lead", async () => {
  const { train } = await parityOf({ n: 12 })
  const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 1 }))
  const K = plainKernel(weights, train["x"]!, train["x"]!, "softplus")
  const y = Float64Array.from(train["y"]!.data)
  const { c, end } = await frozenFlow({ shape: [12, 12], data: K }, train["y"]!, params, () => {})
  const expected = inOutputs(K, y)
  expect([end.step, end.converged]).toEqual([expected.steps, true])
  expectClose("t", [end.t / expected.t], [1], agreement.run)
  const F = y.map((_, i) => c.reduce((sum, each, j) => sum + K[i * 12 + j]! * each, 0))
  expectClose("F", F, expected.F, agreement.run)
  expect(F.every((each, i) => each * y[i]! > 1)).toBe(true)
})

test("far from the margin nothing has moved yet: cut short, the flow has not converged", async () => {
  const { c, end } = await frozenFlow(tensor([1, 1], 4), tensor([1], 1), { ...params, stop: upTo(10) }, () => {})
  expect(end).toMatchObject({ step: 10, loss: 1, converged: false })
  expect(c[0]).toBeGreaterThan(0)
})

// Both discretise the same flow with steps of their own, so that finer steps bring them closer: measured, F differs by
// 0.4 % and t by 0.3 %; with the bounds (1e-2, 2e-1) it is 1.5 % and 3 %.
test("for large alpha a trained net gives the outputs of its frozen kernel, after the same time", async () => {
  const flow = { ...params, low: 1e-3, high: 2e-2 }
  const { train, test } = await parityOf({ n: 30, nTest: 40 })
  const { weights } = await perform(init({ params: { model }, inputs: {}, seed: 2 }))
  const frozen = await perform(run({ params: flow, inputs: { train, test, weights }, seed: 0 }))
  const trained = await perform(
    trainRun({
      params: { ...flow, method: "direct", loss: "hinge", alpha: 1e7 / Math.sqrt(32) },
      inputs: { data: train, weights },
      seed: 0,
    }),
  )
  const measured = await perform(
    measureRun({
      params: {
        model,
        method: "direct",
        alpha: 1e7 / Math.sqrt(32),
        kernelPoints: 40,
        dtype: "float64",
        backend: "onnx",
      },
      inputs: { test, start: weights, end: trained.weights, curve: trained.curve, finish: trained.end },
      seed: 0,
    }),
  )
  expect([frozen.end["converged"], trained.end["converged"]]).toEqual([[true], [true]])
  expectClose("F", measured.outputs["F"]!.data, frozen.outputs["F"]!.data, agreement.frozen)
  expectClose("t", [Number(trained.end["t"]![0]) / Number(frozen.end["t"]![0])], [1], agreement.frozen)
  expect(measured.observables["testError"]).toEqual(frozen.end["testError"])
})
