// Gradient flow in closed form: against the smallest case by hand, explicit steps, its own equation, and its end.
import { expect, test } from "vitest"
import type { Tensor } from "../../../../pipeline/stage.ts"
import { solve } from "../../../../stages/algebra/cholesky.ts"
import { closedFlow, type Frozen } from "../../../../stages/dynamics/linearize/closed.ts"
import { stream } from "../../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { tensor64 } from "../../tensor/roads.ts"

/** Gaussian kernels of points on a line. */
const problem = (n: number, m: number, outputs: number): Frozen => {
  const { normal } = stream(1, "closed")
  const [a, b] = [Array.from({ length: n }, (_, i) => i / 3), Array.from({ length: m }, (_, i) => i / 2 - 0.2)]
  const between = (left: ReadonlyArray<number>): Tensor =>
    tensor64(
      [left.length, n],
      left.flatMap((u) => a.map((v) => Math.exp(-((u - v) ** 2)))),
    )
  return {
    kernel: between(a),
    across: between(b),
    y: tensor64(outputs === 0 ? [n] : [n, outputs], Float64Array.from({ length: n * Math.max(1, outputs) }, normal)),
  }
}
const times = (matrix: Tensor, x: ArrayLike<number>, m: number): Float64Array => {
  const [rows, inner] = matrix.shape as [number, number]
  return Float64Array.from({ length: rows * m }, (_, at) => {
    let sum = 0
    for (let k = 0; k < inner; k++) sum += matrix.data[Math.floor(at / m) * inner + k]! * x[k * m + (at % m)]!
    return sum
  })
}

test("one point is learnt as 1 - e^(-K t), and what it shares of it elsewhere", () => {
  const flow = closedFlow({ kernel: tensor64([1, 1], [2]), across: tensor64([2, 1], [0.5, 0]), y: tensor64([1], [-3]) })
  for (const t of [0, 1e-20, 0.3, 40]) {
    const learnt = -3 * -Math.expm1(-2 * t)
    expectClose(`train at ${t}`, flow(t).train.data, [learnt], tolerance.float64.op)
    expectClose(`test at ${t}`, flow(t).test.data, [learnt / 4, 0], tolerance.float64.op)
  }
})

test("at time 0 nothing is learnt, and outputs have the shapes of labels", () => {
  for (const outputs of [0, 3]) {
    const { train, test } = closedFlow(problem(5, 4, outputs))(0)
    expect([train.shape, test.shape]).toEqual(
      outputs === 0
        ? [[5], [4]]
        : [
            [5, 3],
            [4, 3],
          ],
    )
    expect([...train.data, ...test.data].every((F) => F === 0)).toBe(true)
  }
})

test("explicit steps of a thousandth come to the same, on training and on test points", () => {
  const given = problem(6, 5, 2)
  const flow = closedFlow(given)
  let [F, G] = [new Float64Array(12), new Float64Array(10)]
  for (let step = 1; step <= 5000; step++) {
    // A step of the mid-point of the line, so that only the square of its size is left out.
    const gradient = (at: Float64Array): Float64Array => at.map((each, i) => (given.y.data[i]! - each) / 6)
    const half = times(given.kernel, gradient(F), 2).map((slope, i) => F[i]! + 0.0005 * slope)
    const [own, other] = [times(given.kernel, gradient(half), 2), times(given.across, gradient(half), 2)]
    F = F.map((each, i) => each + 0.001 * own[i]!)
    G = G.map((each, i) => each + 0.001 * other[i]!)
    if (step !== 1 && step !== 500 && step !== 5000) continue
    const { train, test } = flow(step / 1000)
    expectClose(`train after ${step}`, train.data, F, agreement.explicit)
    expectClose(`test after ${step}`, test.data, G, agreement.explicit)
  }
})

test("the outputs obey F' = -K (F - y) / n at every time", () => {
  const given = problem(7, 3, 0)
  const flow = closedFlow(given)
  for (const t of [0.01, 1, 30]) {
    const h = 1e-4 * t
    const slope = flow(t + h).train.data.map((F, i) => (F - flow(t - h).train.data[i]!) / (2 * h))
    const expected = times(
      given.kernel,
      Float64Array.from(flow(t).train.data, (F, i) => given.y.data[i]! - F),
      1,
    ).map((push) => push / 7)
    expectClose(`t = ${t}`, slope, expected, agreement.slope)
  }
})

test("at the end of time all is learnt, and test points have what the system's solution gives them", async () => {
  const given = problem(8, 6, 2)
  const { train, test } = closedFlow(given)(Infinity)
  const { solution, conditionNumber } = await solve({ matrix: given.kernel, right: given.y, ridge: 0 })
  expectClose("train", train.data, given.y.data, tolerance.float64.net)
  expectClose("test", test.data, times(given.across, solution.data, 2), conditionNumber * Number.EPSILON)
})

test("late times come to the end of time", () => {
  const flow = closedFlow(problem(8, 6, 1))
  expectClose("train", flow(1e12).train.data, flow(Infinity).train.data, tolerance.float64.net)
  expectClose("test", flow(1e12).test.data, flow(Infinity).test.data, tolerance.float64.net)
})

test("what the kernel does not see is not learnt, at any time", () => {
  // Two points that are one: of labels 1 and 3 their mean is learnt.
  const flow = closedFlow({
    kernel: tensor64([2, 2], [1, 1, 1, 1]),
    across: tensor64([1, 2], [0.5, 0.5]),
    y: tensor64([2], [1, 3]),
  })
  for (const t of [0.01, 1, 1e6, 1e300, Infinity]) {
    const learnt = -2 * Math.expm1(-t)
    expectClose(`train at ${t}`, flow(t).train.data, [learnt, learnt], tolerance.float64.op)
    if (t !== 1e6) expectClose(`test at ${t}`, flow(t).test.data, [learnt / 2], tolerance.float64.op)
  }
})

test("along what training points do not show, a test point goes on at the pace of the labels", () => {
  // K = 0 says nothing of the training point; K_* = 1 is then no kernel, but its flow is G' = y.
  const flow = closedFlow({ kernel: tensor64([1, 1], [0]), across: tensor64([1, 1], [1]), y: tensor64([1], [5]) })
  expect([0, 2, 1000].map((t) => flow(t).test.data[0])).toEqual([0, 10, 5000])
})

test("a test point that is a training point has its outputs", () => {
  const given = problem(6, 1, 0)
  const flow = closedFlow({ ...given, across: given.kernel })
  for (const t of [0.1, 1, 10]) expectClose(`t = ${t}`, flow(t).test.data, flow(t).train.data, tolerance.float64.net)
})
