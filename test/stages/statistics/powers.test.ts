// The powers and crossings of curves whose nets are independent draws.
import { expect, test } from "vitest"
import { student } from "../../../stages/statistics/scaling.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { tableOf, valueOf } from "./summarized.ts"

const nets = ["h", "replica"]
const everywhere = { from: 0, to: 1e9 }

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

test("there is no power of nothing, of one place or of equal places", async () => {
  const level = { level: 1, direction: "falling", scale: "log" } as const
  const low = tableOf([8, 16].flatMap((h) => [1, 10].map((x) => ({ h, x, replica: h, y: 0.1 / x }))))
  const power = { of: "crossing power", x: "x", y: "y", by: nets, ...level, ...everywhere } as const
  expect(await valueOf(power, low)).toEqual([Number.NaN, Number.NaN])
  const none = { of: "power", x: "h", y: "y", by: ["replica"], from: 100, to: 200 } as const
  expect(await valueOf(none, low)).toEqual([Number.NaN, Number.NaN])
  const equal = tableOf([0, 1, 2].flatMap((i) => [1, 2].map((k) => ({ h: 3, i, learner: `${k}`, y: k + i / 7 }))))
  const difference = {
    of: "difference power",
    y: "y",
    by: ["h", "i"],
    minuend: { learner: "2" },
    subtrahend: { learner: "1" },
  } as const
  expect((await valueOf(difference, equal))[0]).toBeNaN()
})

const rowsOf = (copies: number) =>
  [32, 128].flatMap((h) =>
    [1, 1.3, 0.8].flatMap((factor, replica) =>
      Array.from({ length: copies }, (_, copy) =>
        [1, 100, 10_000].map((x) => ({ h, x, copy, replica: replica + h, y: (3 * factor * Math.sqrt(h)) / x })),
      ).flat(),
    ),
  )

test("more curves of the same nets tell no more: the crossings of one net are averaged first", async () => {
  const level = { level: 1, direction: "falling", scale: "log" } as const
  const power = { of: "crossing power", x: "x", y: "y", by: ["h", "replica", "copy"], ...level, ...everywhere } as const
  const [one, four] = [await valueOf(power, tableOf(rowsOf(1))), await valueOf(power, tableOf(rowsOf(4)))]
  expectClose("four copies", four, one, tolerance.float64.net)
})

test("texts that are numbers are in the order of the numbers", async () => {
  const rows = ["1", "2", "5", "10", "30", "100"].map((x) => ({ x, replica: 0, y: 1 / Number(x) }))
  const level = { level: 0.15, direction: "falling", scale: "log" } as const
  const [value] = await valueOf(
    { of: "crossing", x: "x", y: "y", by: ["replica"], ...level, ...everywhere },
    tableOf(rows),
  )
  expectClose("crossing", [value], [1 / 0.15], tolerance.float64.net)
})

test("a bootstrapped number is that of sample 0, wherever its row is", async () => {
  const table = { sample: [1, 2, 0, 3], least: [Number.NaN, 5, 6, 7] }
  const [value, spread] = await valueOf({ of: "bootstrapped", y: "least" }, table)
  expectClose("sample 0", [value, spread], [6, 1.959964 * Math.SQRT2], tolerance.float64.net)
  expect(
    (await valueOf({ of: "bootstrapped", y: "least" }, { sample: [0, 1, 2], least: [Number.NaN, 5, 6] }))[0],
  ).toBeNaN()
})
