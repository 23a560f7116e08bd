// The quantities claims are judged by, on tables made of exact power laws.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import type { Quantity } from "../../../stages/statistics/quantity.ts"
import { student } from "../../../stages/statistics/scaling.ts"
import { run } from "../../../stages/statistics/summarize.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

const alphas = [1e-2, 1e-1, 1, 1e3, 1e4, 1e5]
interface Row {
  readonly [column: string]: number | boolean | string
}

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
const tableOf = (rows: ReadonlyArray<Row>): Table =>
  Object.fromEntries(Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column]!)]))

type Unnamed<Q> = Q extends Quantity ? Omit<Q, "name"> : never
const valueOf = async (
  quantity: Unnamed<Quantity>,
  table: Table = tableOf(rows),
): Promise<readonly [value: number, spread: number]> => {
  const { summary } = await perform(
    run({ params: { quantities: [{ ...quantity, name: "q" } as Quantity] }, inputs: { table }, seed: 0 }),
  )
  expect(summary["quantity"]).toEqual(["q"])
  return [Number(summary["value"]![0]), Number(summary["spread"]![0])]
}
const nets = ["h", "replica"]
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
    "the least difference is that of one pair",
    {
      of: "least difference",
      y: "change",
      by: ["h"],
      where: { replica: 0 },
      minuend: { x: 1e3 },
      subtrahend: { x: 1e4 },
    },
    [0.0018, Number.NaN],
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
  test(name, async () => expectClose(name, await valueOf(quantity), numbers, tolerance.float64.net))
}

test("the order of the rows does not matter", async () => {
  const back = tableOf([...rows].reverse())
  for (const [name, quantity] of expected)
    expectClose(name, await valueOf(quantity, back), await valueOf(quantity), tolerance.float64.net)
})

test("a grid without a range has no number for it, so that no claim about it is borne out by nothing", async () => {
  const some = tableOf(rows.filter(({ x }) => Number(x) <= 1))
  for (const of of ["slope", "collapse", "variation", "jump", "rank"] as const)
    expect((await valueOf({ of, x: "x", y: "change", by: nets, ...lazy }, some))[0], of).toBeNaN()
  for (const of of ["largest", "smallest", "mean"] as const)
    expect((await valueOf({ of, y: "change", where: { x: 7 } }, some))[0], of).toBeNaN()
  expect(
    (await valueOf({ of: "difference", y: "time", by: nets, minuend: { x: 1e5 }, subtrahend: { x: 1 } }, some))[0],
  ).toBeNaN()
})

test("one point alone shows no constancy, and one curve no distance", async () => {
  expect((await valueOf({ of: "variation", x: "x", y: "time", by: nets, from: 1e3, to: 1e3 }))[0]).toBeNaN()
  expect(
    (
      await valueOf({
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

/** One net of a width, with two rows. */
const twoRows = (h: number, y: number, replica: number) => [1, 2].map((at) => ({ h, at, replica, y: y * at }))

// numpy and scipy: d = log(b).mean() - log(a).mean() and se = sqrt(var(a) / 5 + var(b) / 5) of the logs. Welch's
// degrees of freedom are 7.348 by scipy.stats.ttest_ind(equal_var=False), and 7 are taken. All is divided by
// log(128 / 32): the half-width is 0.23968312901909905 with scipy.stats.t.ppf(0.975, 7) = 2.364624251592785.
test("a power over independent nets has Welch's interval, whatever the numbers of the nets are", async () => {
  const [a, b] = [
    [1, 1.3, 0.8, 1.1, 0.9],
    [2.2, 1.7, 2.9, 2, 1.5],
  ]
  const power = { of: "power", x: "h", y: "y", by: ["at", "replica"], from: 1, to: 1e9 } as const
  const made = tableOf([...a.flatMap((y, i) => twoRows(32, y, i)), ...b.flatMap((y, i) => twoRows(128, y, i + 100))])
  const [value, spread] = await valueOf(power, made)
  expectClose(
    "power",
    [value!, spread!],
    [0.4981969712403027, (0.23968312901909905 / 2.364624251592785) * student(7)],
    tolerance.float64.net,
  )
})

// y falls as 3 sqrt(h) / x with a factor of each net: it passes 1 at 3 sqrt(h) times the factor.
test("the power of a crossing is that of the places where curves pass the level", async () => {
  const factors = [1, 1.3, 0.8, 1.1, 0.9]
  const rows = [32, 128].flatMap((h) =>
    factors.flatMap((factor, replica) =>
      [1, 10, 100, 1000].map((x) => ({ h, x, replica: replica + h, y: (3 * factor * Math.sqrt(h)) / x })),
    ),
  )
  const level = { level: 1, direction: "falling", scale: "log" } as const
  const [value, spread] = await valueOf(
    { of: "crossing power", x: "x", y: "y", by: nets, ...level, ...everywhere },
    tableOf(rows),
  )
  const logs = factors.map(Math.log)
  const mean = logs.reduce((sum, each) => sum + each, 0) / 5
  const variance = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 4
  expectClose(
    "power",
    [value!, spread!],
    [0.5, (student(8) * Math.sqrt((2 * variance) / 5)) / Math.log(4)],
    tolerance.float64.net,
  )
})

test("the power of a difference is fitted to the differences of pairs", async () => {
  const rows = [16, 32, 128].flatMap((h) => [
    { h, learner: "single", y: 0.05 + 2 / h },
    { h, learner: "mean", y: 0.05 },
  ])
  const power = {
    of: "difference power",
    y: "y",
    by: ["h"],
    minuend: { learner: "single" },
    subtrahend: { learner: "mean" },
  } as const
  expectClose("power", [(await valueOf(power, tableOf(rows)))[0]], [-1], tolerance.float64.net)
  const swapped = { ...power, minuend: power.subtrahend, subtrahend: power.minuend }
  expect((await valueOf(swapped, tableOf(rows)))[0]).toBeNaN()
})

test("a crossing has the direction that is asked for", async () => {
  const up = { x: [1, 10, 100, 1000], y: [0.5, 2, 0.5, 2], replica: [0, 0, 0, 0] }
  const at = (direction: "rising" | "falling") =>
    valueOf({ of: "crossing", x: "x", y: "y", by: ["replica"], level: 1, direction, scale: "log", ...everywhere }, up)
  expectClose("rising", [(await at("rising"))[0]], [Math.sqrt(10)], tolerance.float64.net)
  expectClose("falling", [(await at("falling"))[0]], [Math.sqrt(1000)], tolerance.float64.net)
})

test("a power compares like rows: what one net lacks is left out of all, and unlike nets have no power", async () => {
  const full = [8, 16].flatMap((h) =>
    [0, 1, 2].flatMap((replica) =>
      [1, 2, 4].map((a) => ({ h, a, replica: replica + h, y: (a / h) * Math.exp(0.01 * replica * h) })),
    ),
  )
  const power = { of: "power", x: "h", y: "y", by: ["a", "replica"], from: 1, to: 1e9 } as const
  const [whole] = await valueOf(power, tableOf(full))
  const holed = full.filter(({ h, a }) => !(h === 8 && a === 1) && !(h === 16 && a === 4))
  expectClose("shared", [(await valueOf(power, tableOf(holed)))[0]], [whole], tolerance.float64.net)
  const unlike = full.filter(({ h, a }) => !(h === 16 && a === 4))
  expect((await valueOf({ ...power, by: ["replica"] }, tableOf(unlike)))[0]).toBeNaN()
})

test("rows cannot be selected by a column that is not there: a count of none would read as a result", async () => {
  await expect(valueOf({ of: "count", where: { convergd: false } })).rejects.toThrow(
    "rows are selected by the column convergd, but the table has only h, replica, x, change, time, learner, converged",
  )
})
