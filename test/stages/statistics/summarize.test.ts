// The quantities claims are judged by, on tables made of exact power laws.
import { expect, test } from "vitest"
import type { Quantity } from "../../../stages/statistics/quantity.ts"
import { student } from "../../../stages/statistics/scaling.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { type Row, tableOf, type Unnamed, valueOf } from "./summarized.ts"

const alphas = [1e-2, 1e-1, 1, 1e3, 1e4, 1e5]

/** Two widths, two replicas: laws whose factor depends on the net, and whose slopes do on the replica. */
const rows: ReadonlyArray<Row> = [64, 128].flatMap((h) =>
  [0, 1].flatMap((replica) =>
    alphas.map((x): Row => ({
      h,
      replica,
      x,
      change: x <= 1 ? (h / 64) * x ** (-1.6 - 0.1 * replica) : (2 * (h / 64)) / x,
      time: x <= 1 ? x : 5 * (1 + (replica === 1 && x === 1e4 ? 0.03 : 0)),
      learner: x > 1 ? "lazy" : "feature",
      converged: !(h === 64 && replica === 1 && x === 1e5),
    })),
  ),
)
const nets = ["h", "replica"]
const valueIn = (quantity: Unnamed<Quantity>, table = tableOf(rows)) => valueOf(quantity, table)
const [feature, lazy, everywhere] = [
  { from: 1e-2, to: 1 },
  { from: 1e3, to: 1e5 },
  { from: 0, to: 1e9 },
]

const expected: ReadonlyArray<readonly [string, Unnamed<Quantity>, readonly [number, number]]> = [
  ["a slope in a range", { of: "slope", x: "x", y: "change", by: nets, ...lazy }, [-1, 0]],
  [
    "a difference of slopes is between two kinds of curves",
    {
      of: "slope difference",
      x: "x",
      y: "change",
      by: ["h"],
      minuend: { replica: 1 },
      subtrahend: { replica: 0 },
      ...feature,
    },
    [-0.1, Number.NaN],
  ],
  [
    "a difference of slopes is taken within each net",
    {
      of: "slope difference",
      x: "x",
      y: "change",
      by: ["learner", "replica"],
      minuend: { h: 128 },
      subtrahend: { h: 64 },
      ...feature,
    },
    [0, 0],
  ],
  // Of two widths each, -1.6 and -1.7: the two widths of a replica are one number, so that the standard error is 0.05.
  [
    "the spread of a slope is that of the nets",
    { of: "slope", x: "x", y: "change", by: nets, ...feature },
    [-1.65, student(1) * 0.05],
  ],
  [
    "where no replica is told there is no interval",
    { of: "slope", x: "x", y: "change", by: [], where: { h: 64, replica: 0 }, ...feature },
    [-1.6, Number.NaN],
  ],
  [
    "a collapse is a ratio between widths",
    { of: "collapse", x: "x", y: "change", by: ["h"], ...feature },
    [2, Number.NaN],
  ],
  [
    "a variation is that of the worst net",
    { of: "variation", x: "x", y: "time", by: nets, ...lazy },
    [0.03, Number.NaN],
  ],
  [
    "a jump is between neighbours",
    { of: "jump", x: "x", y: "time", by: nets, where: { replica: 0 }, ...feature },
    [10, Number.NaN],
  ],
  ["what only falls has a rank correlation of -1", { of: "rank", x: "x", y: "change", by: nets, ...lazy }, [-1, 0]],
  // From 1 at x = 1 to 5 at 1e3, on a line in log x: 3 is half-way, at the root of 1e3.
  [
    "a crossing is between two points",
    { of: "crossing", x: "x", y: "time", by: nets, level: 3, direction: "rising", scale: "linear", ...everywhere },
    [Math.sqrt(1e3), 0],
  ],
  // A power law is a straight line of log y: 1 / x^1.6 is 10 where x is 10^(-1/1.6), between two points of the grid.
  [
    "a crossing of a power law is on it",
    {
      of: "crossing",
      x: "x",
      y: "change",
      by: [],
      level: 10,
      direction: "falling",
      scale: "log",
      where: { h: 64, replica: 0 },
      ...feature,
    },
    [10 ** (-1 / 1.6), Number.NaN],
  ],
  [
    "crossings of one place are 1 apart",
    { of: "crossings", x: "x", y: "time", by: nets, level: 3, direction: "rising", scale: "log", ...everywhere },
    [1, Number.NaN],
  ],
  ["a mean", { of: "mean", y: "time", where: { x: [0.01, 0.1] } }, [0.055, 0]],
  // 1 / 0.01 to the power of 1.6 and of 1.7, at both widths: what counts is how far the two replicas are apart.
  [
    "a mean has the interval of its nets",
    { of: "mean", y: "change", where: { x: 0.01, h: 64 } },
    [(100 ** 1.6 + 100 ** 1.7) / 2, (student(1) * (100 ** 1.7 - 100 ** 1.6)) / 2],
  ],
  ["the largest", { of: "largest", y: "time" }, [5.15, Number.NaN]],
  ["the smallest", { of: "smallest", y: "time" }, [0.01, Number.NaN]],
  ["a count has what did not converge", { of: "count", where: { converged: false } }, [1, Number.NaN]],
  ["and all there is if asked for both", { of: "count", where: { converged: [true, false] } }, [24, Number.NaN]],
  ["or only what did", { of: "count" }, [23, Number.NaN]],
  [
    "a difference is one of pairs",
    { of: "difference", y: "time", by: nets, minuend: { x: 1 }, subtrahend: { x: 0.1 } },
    [0.9, 0],
  ],
  [
    "a distance has no sign",
    { of: "distance", y: "time", by: nets, minuend: { x: 0.1 }, subtrahend: { x: 1 } },
    [0.9, 0],
  ],
  [
    "a trend is that of differences along a column",
    {
      of: "trend",
      y: "change",
      by: ["h", "replica"],
      where: { replica: 0 },
      minuend: { x: 1e4 },
      subtrahend: { x: 1e3 },
    },
    [-1, Number.NaN],
  ],
  ["a ratio too", { of: "ratio", y: "time", by: nets, minuend: { x: 1 }, subtrahend: { x: 0.1 } }, [10, 0]],
]
for (const [name, quantity, numbers] of expected) {
  test(name, async () => expectClose(name, await valueIn(quantity), numbers, tolerance.float64.net))
}

test("the order of the rows does not matter", async () => {
  const back = tableOf([...rows].reverse())
  for (const [name, quantity] of expected)
    expectClose(name, await valueIn(quantity, back), await valueIn(quantity), tolerance.float64.net)
})

test("a grid without a range has no number for it, so that no claim about it is borne out by nothing", async () => {
  const some = tableOf(rows.filter(({ x }) => Number(x) <= 1))
  for (const of of ["slope", "collapse", "variation", "jump", "rank"] as const)
    expect((await valueIn({ of, x: "x", y: "change", by: nets, ...lazy }, some))[0], of).toBeNaN()
  for (const of of ["largest", "smallest", "mean"] as const)
    expect((await valueIn({ of, y: "change", where: { x: 7 } }, some))[0], of).toBeNaN()
  expect(
    (await valueIn({ of: "difference", y: "time", by: nets, minuend: { x: 1e5 }, subtrahend: { x: 1 } }, some))[0],
  ).toBeNaN()
})

test("one point alone shows no constancy, and one curve no distance", async () => {
  expect((await valueIn({ of: "variation", x: "x", y: "time", by: nets, from: 1e3, to: 1e3 }))[0]).toBeNaN()
  expect(
    (
      await valueIn({
        of: "crossings",
        x: "x",
        y: "time",
        by: nets,
        level: 3,
        direction: "rising",
        scale: "log",
        where: { h: 64, replica: 0 },
        ...everywhere,
      })
    )[0],
  ).toBeNaN()
})

test("rows cannot be selected by a column that is not there: a count of none would read as a result", async () => {
  await expect(valueIn({ of: "count", where: { convergd: false } })).rejects.toThrow(
    "rows are selected by the column convergd, but the table has only h, replica, x, change, time, learner, converged",
  )
})
