// What is measured of a training: nothing where nothing happened, and everything by explicit computation on weights
// and curves made by hand.
import { expect, test } from "vitest"
import type { Table, Tensors } from "../../../pipeline/stage.ts"
import type { MeasureParams } from "../../../stages/observables/measure.ts"
import { run } from "../../../stages/observables/measure.run.ts"
import { testError } from "../../../stages/statistics/error.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { plainKernel, plainOutputs, somePoints, someWeights } from "../net/plain.ts"
import { perform } from "../perform.ts"

const params: MeasureParams = {
  model: { kind: "fc", inputs: 3, depth: 2, width: 4, activation: "softplus" },
  method: "direct",
  alpha: 30 / Math.sqrt(4),
  kernelPoints: 5,
  dtype: "float64",
  backend: "onnx",
}
const [width, points] = [4, 8]
const start = someWeights(1, 3, 2, width)
const end = someWeights(2, 3, 2, width)
const held = { x: somePoints(3, points, 3), y: { shape: [points], data: Float64Array.of(1, -1, 1, -1, 1, -1, 1, -1) } }
const curve: Table = { step: [0, 10, 20, 30], t: [0, 0.25, 0.5, 0.75], loss: [1, 0.5, 0.4999, 0] }
const finish: Table = { step: [30], undone: [2], t: [0.75], loss: [0], converged: [true] }

const measured = (
  more: Partial<MeasureParams> = {},
  inputs: { readonly end?: Tensors; readonly curve?: Table; readonly finish?: Table } = {},
) =>
  perform(
    run({ params: { ...params, ...more }, inputs: { test: held, start, end, curve, finish, ...inputs }, seed: 0 }),
  )

test("where the weights are as they were, nothing has changed, exactly", async () => {
  for (const dtype of ["float32", "float64"] as const) {
    const { observables, outputs } = await measured({ dtype }, { end: start })
    expect(observables).toEqual({
      kernelChange: [0],
      weightChange: [0],
      t1: [0.5],
      t2: [0.75],
      testError: [1],
      steps: [30],
      converged: [true],
    })
    expect(outputs["F"]!.data.every((each) => each === 0)).toBe(true)
  }
})

test("changes of kernel and weights are relative Frobenius norms, the weights' times sqrt(h)", async () => {
  const { observables, outputs } = await measured()
  const few = { shape: [5, 3], data: held.x.data.subarray(0, 15) }
  const [K0, K1] = [start, end].map((weights) => plainKernel(weights, few, few, "softplus"))
  expectClose(
    "kernelChange",
    observables["kernelChange"] as ReadonlyArray<number>,
    [Math.hypot(...K1!.map((k, i) => k - K0![i]!)) / Math.hypot(...K0!)],
    agreement.kernel,
  )
  const [w0, w1] = [start, end].map((weights) => Object.values(weights).flatMap(({ data }) => Array.from(data)))
  expectClose(
    "weightChange",
    observables["weightChange"] as ReadonlyArray<number>,
    [(2 * Math.hypot(...w1!.map((w, i) => w - w0![i]!))) / Math.hypot(...w0!)],
    tolerance.float64.net,
  )
  const [f0, f1] = [start, end].map((weights) => plainOutputs(weights, held.x, "softplus"))
  const F = f1!.map((f, i) => (30 / 2) * (f - f0![i]!))
  expect(outputs["F"]!.shape).toEqual([points])
  expectClose("F", outputs["F"]!.data, F, tolerance.float64.net)
  expect(observables["testError"]).toEqual([F.filter((each, i) => each * held.y.data[i]! <= 0).length / points])
})

test("more points than there are test points are all of them", async () => {
  const [all, more] = [await measured({ kernelPoints: points }), await measured({ kernelPoints: 1000 })]
  expect(more).toEqual(all)
})

const t1AndT2 = "t1 is the first time below one half, t2 the end; neither is a number where the run did not come so far"
test(t1AndT2, async () => {
  const { observables } = await measured()
  expect([observables["t1"], observables["t2"]]).toEqual([[0.5], [0.75]])
  const cut = await measured(
    {},
    {
      curve: { step: [0, 10], t: [0, 0.25], loss: [1, 0.6] },
      finish: { step: [10], undone: [0], t: [0.25], loss: [0.6], converged: [false] },
    },
  )
  expect(cut.observables).toMatchObject({ t1: [Number.NaN], t2: [Number.NaN], steps: [10], converged: [false] })
})

const labels = (shape: ReadonlyArray<number>, ...data: ReadonlyArray<number>) => ({
  shape,
  data: Float64Array.from(data),
})

test("a point is wrong on the other side of zero, and at zero", () => {
  expect(testError([0.1, -0.1, 0, -3, -0], labels([5], 1, 1, 1, -1, -1))).toBe(3 / 5)
  expect(testError([2, -2], labels([2], 1, -1))).toBe(0)
})

test("of several outputs the largest has to be that of the class, told by number or by its own largest", () => {
  const outputs = [1, 3, 2, 0, -1, -2, 5, 5, 6]
  expect(testError(outputs, labels([3], 1, 1, 2))).toBe(1 / 3)
  expect(testError(outputs, labels([3, 3], 0, 1, 0, 1, 0, 0, 0, 0, 1))).toBe(0)
})

test("a training by steps has a kernel change and no model time", async () => {
  const descent = {
    curve: { epoch: [1, 2], step: [10, 20], rate: [0.1, 0.1], loss: [1, 0.2] },
    finish: { step: [20], epoch: [2], loss: [0.2], converged: [true] },
  }
  const { observables } = await measured({}, descent)
  expect(observables["kernelChange"]).toEqual((await measured()).observables["kernelChange"])
  expect([observables["t1"], observables["t2"]]).toEqual([[Number.NaN], [Number.NaN]])
  expect([observables["steps"], observables["converged"]]).toEqual([[20], [true]])
})
