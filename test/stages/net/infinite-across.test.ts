// The kernel of infinite width between two sets of points: by series against quadrature, and by the closed form.
import { expect, test } from "vitest"
import { closedForm, infiniteKernelAcross, series } from "../../../stages/net/infinite-across.ts"
import { infiniteKernel, quadrature, reluExpectations } from "../../../stages/net/infinite.ts"
import { agreement, expectClose } from "../../support/tolerance.ts"
import { sigma, somePoints } from "./plain.ts"

const [count, d] = [9, 10]
const all = Float64Array.from(somePoints(5, count, d).data)
const points = { data: all, d }
const [first, last] = [
  { data: all.subarray(0, 4 * d), d },
  { data: all.subarray(4 * d), d },
]
/** The rows and columns of a kernel of all points. */
const part = (whole: Float64Array, rows: ReadonlyArray<number>, columns: ReadonlyArray<number>) =>
  rows.flatMap((i) => columns.map((j) => whole[i * count + j]!))
const [some, others] = [
  [0, 1, 2, 3],
  [4, 5, 6, 7, 8],
]

for (const depth of [1, 2, 5]) {
  test(`softplus by series is softplus by quadrature, with ${depth} hidden layers`, () => {
    const { value, slope } = sigma.softplus
    const whole = infiniteKernel(all, d, depth, quadrature(value, slope, 161))
    const across = infiniteKernelAcross(first, last, depth, series(value, slope))
    expectClose("across", across, part(whole, some, others), agreement.series)
    expectClose("all", infiniteKernelAcross(points, points, depth, series(value, slope)), whole, agreement.series)
  })

  test(`ReLU between two sets is the part of the whole kernel, with ${depth} hidden layers`, () => {
    const whole = infiniteKernel(all, d, depth, reluExpectations)
    const across = infiniteKernelAcross(first, last, depth, closedForm(reluExpectations))
    expect(across.length).toBe(20)
    expectClose("across", across, part(whole, some, others), agreement.kernel)
  })
}
