// Slopes, medians and the falling together of curves, on numbers one can do by hand.
import { expect, test } from "vitest"
import { collapse, estimate, groups, logSlope, mean, median, student } from "../../../stages/statistics/scaling.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"

const everywhere = { from: 0, to: Infinity }

test("the slope of a power law is its power, for any factor", () => {
  const x = [0.01, 0.1, 1, 10, 47]
  for (const power of [-5 / 3, -1, 0, 1.5])
    expectClose(
      `${power}`,
      [
        logSlope(
          x,
          x.map((each) => 3 * each ** power),
        ),
      ],
      [power],
      tolerance.float64.op,
    )
})

// log10 y = 0, 1, 0 over log10 x = 0, 1, 3: means 1/3 and 4/3; products (-4/3)(-1/3) + (-1/3)(2/3) + (5/3)(-1/3) = -1/3
// over squares 16/9 + 1/9 + 25/9 = 14/3.
test("the slope of three points off a line is that of least squares", () => {
  expectClose("slope", [logSlope([1, 10, 1000], [1, 10, 1])], [-1 / 14], tolerance.float64.op)
})

test("fewer than two points have no slope", () => {
  expect(logSlope([], [])).toBeNaN()
  expect(logSlope([2], [3])).toBeNaN()
})

test("medians and means are what they are", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5])
  expect(median([])).toBeNaN()
  expect(mean([1, 2, 6])).toBe(3)
})

// 1, 2, 3: variance 1, standard error 1 / sqrt(3).
test("an estimate is a mean and as many standard errors as Student says; one value has no error", () => {
  const { value, spread } = estimate([1, 2, 3])
  expect(value).toBe(2)
  expectClose("spread", [spread], [student(2) / Math.sqrt(3)], tolerance.float64.op)
  expect(estimate([7])).toEqual({ value: 7, spread: Number.NaN })
})

// The probability within t standard errors, for whole degrees of freedom a finite sum of powers of cos(atan(t / root of
// them)).
test("of all means 95 % lie within as many standard errors as Student says, however few the values", () => {
  for (let freedom = 1; freedom < 200; freedom++) {
    const angle = Math.atan(student(freedom) / Math.sqrt(freedom))
    const odd = freedom % 2
    let [term, sum] = [odd === 1 ? Math.cos(angle) : 1, 0]
    for (let k = 1; k <= Math.floor(freedom / 2); k++) {
      sum += term
      term *= (Math.cos(angle) ** 2 * (2 * k - 1 + odd)) / (2 * k + odd)
    }
    const within = odd === 1 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
    expectClose(`${freedom} degrees of freedom`, [within], [0.95], agreement.student)
  }
  expect(student(0)).toBeNaN()
})

test("groups are in order of x, without what is out of range or no number; the range's ends are in", () => {
  const rows = { h: [8, 16, 8, 8, 8, 8], x: [10, 10, 1, 0.1, 100, 5], y: [4, 7, 3, 2, 5, Number.NaN] }
  expect(groups(rows, "x", "y", ["h"], { from: 1, to: 10 }).map(({ of, x, y }) => ({ h: of["h"], x, y }))).toEqual([
    { h: 8, x: [1, 10], y: [3, 4] },
    { h: 16, x: [10], y: [7] },
  ])
  expect(groups(rows, "x", "y", ["h"], { from: 1e3, to: 1e4 })).toEqual([])
  // 0.1 * 3 is above 0.3 by rounding, and still within a range that ends there.
  expect(groups({ h: [1], x: [0.1 * 3], y: [1] }, "x", "y", ["h"], { from: 0, to: 0.3 }).length).toBe(1)
})

test("two power laws a factor apart collapse to that factor, equal ones to 1", () => {
  const x = [1, 10, 100]
  const curves = (factor: number) => ({
    h: [...x.map(() => 64), ...x.map(() => 128)],
    x: [...x, ...x],
    y: [...x.map((each) => 1 / each), ...x.map((each) => factor / each)],
  })
  expectClose("3", [collapse(curves(3), "x", "y", ["h"], everywhere)], [3], tolerance.float64.op)
  expectClose("1/3", [collapse(curves(1 / 3), "x", "y", ["h"], everywhere)], [3], tolerance.float64.op)
  expect(collapse(curves(1), "x", "y", ["h"], everywhere)).toBe(1)
})

// At x = 1 the widths' geometric means are sqrt(1 * 4) = 2 and 8: a ratio of 4. At x = 10: 3 and 3. At x = 100: 2 of 1.
test("a collapse takes geometric means over replicas, and the median over x", () => {
  const rows = { x: [1, 1, 1, 10, 10, 100, 100], h: [64, 64, 128, 64, 128, 64, 128], y: [1, 4, 8, 3, 3, 1, 2] }
  expectClose("median", [collapse(rows, "x", "y", ["h"], everywhere)], [2], tolerance.float64.op)
})

test("one width alone has nothing to fall together with", () => {
  expect(collapse({ x: [1, 10], h: [64, 64], y: [1, 2] }, "x", "y", ["h"], everywhere)).toBeNaN()
  expect(collapse({ x: [], h: [], y: [] }, "x", "y", ["h"], everywhere)).toBeNaN()
})
