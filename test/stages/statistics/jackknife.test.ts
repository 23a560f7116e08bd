// Intervals of what nets give together: of a mean, where the textbook's formula is another road, and of a slope of
// variances and the error of a mean output, where many draws of such nets tell how often the interval holds the truth.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import type { Quantity } from "../../../stages/statistics/quantity.ts"
import { run } from "../../../stages/statistics/jackknife.run.ts"
import { estimate, student } from "../../../stages/statistics/scaling.ts"
import { stream } from "../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

type Row = Readonly<Record<string, number>>
const tableOf = (rows: ReadonlyArray<Row>): Table =>
  Object.fromEntries(Object.keys(rows[0] ?? {}).map((column) => [column, rows.map((row) => row[column]!)]))

/** A row of all, and a row without each. */
const tables = <A>(
  groups: ReadonlyArray<{ readonly at: Row; readonly values: ReadonlyArray<A> }>,
  of: (values: ReadonlyArray<A>) => number,
) => ({
  table: tableOf(groups.map(({ at, values }) => ({ ...at, y: of(values) }))),
  without: tableOf(
    groups.flatMap(({ at, values }) =>
      values.map((_, left) => ({ ...at, without: left, y: of(values.filter((_, i) => i !== left)) })),
    ),
  ),
})
const judged = async (quantity: Quantity, inputs: { readonly table: Table; readonly without: Table }) => {
  const { summary } = await perform(run({ params: { quantities: [quantity] }, inputs, seed: 0 }))
  return { value: Number(summary["value"]![0]), spread: Number(summary["spread"]![0]) }
}
const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1)
/** Over nets, averaged over points. */
const variances = (nets: ReadonlyArray<ReadonlyArray<number>>): number =>
  mean(nets[0]!.map((_, point) => variance(nets.map((net) => net[point]!))))

/** The share of points that the mean output has wrong, where it should be positive. */
const errorOfMean = (nets: ReadonlyArray<ReadonlyArray<number>>): number =>
  mean(nets[0]!.map((_, point) => (mean(nets.map((net) => net[point]!)) > 0 ? 0 : 1)))

const slope: Quantity = { name: "slope", of: "slope", x: "h", y: "y", by: [], from: 1, to: 1e9 }
const average: Quantity = { name: "mean", of: "mean", y: "y" }

test("the interval of a mean is the usual one", async () => {
  const values = [3, 1, 4, 1, 5, 9]
  const { value, spread } = await judged(average, tables([{ at: {}, values }], mean))
  const usual = estimate(values)
  expectClose("value", [value], [usual.value], tolerance.float64.op)
  expectClose("spread", [spread], [usual.spread], tolerance.float64.op)
})

test("nineteen of twenty intervals of a slope of variances hold the slope", async () => {
  const { normal } = stream(1, "variances")
  const draw = () =>
    [32, 64, 256].map((h) => ({
      at: { h },
      values: Array.from({ length: 10 }, () => Array.from({ length: 40 }, () => normal() / Math.sqrt(h))),
    }))
  const times = 1000
  let held = 0
  for (let i = 0; i < times; i++) {
    const { value, spread } = await judged(slope, tables(draw(), variances))
    if (Math.abs(value + 1) <= spread) held++
  }
  expectClose("share", [held / times], [0.95], agreement.coverage)
})

const errorOfMeanOutput =
  "intervals of the error of a mean output hold it as often or more, and are at most twice as wide as need be"
test(errorOfMeanOutput, async () => {
  const { normal } = stream(2, "errors")
  const points = Array.from({ length: 400 }, () => ({
    right: normal() + 1,
    features: Array.from({ length: 30 }, () => normal() / Math.sqrt(30)),
  }))
  const net = () => {
    const weights = points[0]!.features.map(normal)
    return points.map(
      ({ right, features }) => right + features.reduce((sum, feature, i) => sum + 0.8 * feature * weights[i]!, 0),
    )
  }
  const found: Array<{ readonly value: number; readonly spread: number }> = []
  for (let i = 0; i < 200; i++)
    found.push(await judged(average, tables([{ at: {}, values: Array.from({ length: 5 }, net) }], errorOfMean)))
  const deviation = Math.sqrt(variance(found.map(({ value }) => value)))
  const standardError = Math.sqrt(mean(found.map(({ spread }) => (spread / student(4)) ** 2)))
  expect(standardError / deviation).toBeGreaterThan(1)
  expect(standardError / deviation).toBeLessThan(2)
})

test("two nets have no interval, and neither has the least of many numbers", async () => {
  expect((await judged(average, tables([{ at: {}, values: [1, 2] }], mean))).spread).toBeNaN()
  expect(
    (await judged({ name: "least", of: "smallest", y: "y" }, tables([{ at: {}, values: [1, 2, 3, 4] }], mean))).spread,
  ).toBeNaN()
})

test("without any net left out there is no interval, and the value stands", async () => {
  expect(await judged(average, { table: { y: [2] }, without: { without: [] } })).toEqual({
    value: 2,
    spread: Number.NaN,
  })
})

test("rows that do not say who is left out, or lack a group, are refused", async () => {
  const { table, without } = tables(
    [
      { at: { h: 1 }, values: [1, 2, 3] },
      { at: { h: 2 }, values: [1, 2] },
    ],
    mean,
  )
  await expect(judged(average, { table, without })).rejects.toThrow(
    "without replica 2 there are 1 rows, but 2 with all",
  )
  await expect(judged(average, { table, without: table })).rejects.toThrow("have no column `without`")
})

test("the interval of a distance near zero is that of the signed difference, which has no kink there", async () => {
  const { normal } = stream(3, "distances")
  const distance: Quantity = {
    name: "d",
    of: "distance",
    y: "y",
    by: [],
    minuend: { side: 1 },
    subtrahend: { side: 0 },
  }
  let held = 0
  const times = 400
  for (let i = 0; i < times; i++) {
    const groups = [0, 1].map((side) => ({ at: { side }, values: Array.from({ length: 8 }, normal) }))
    const inputs = tables(groups, mean)
    const { value, spread } = await judged(distance, inputs)
    const signed = await judged({ ...distance, of: "difference" }, inputs)
    expectClose("distance", [value], [Math.abs(signed.value)], tolerance.float64.op)
    expectClose("spread", [spread], [signed.spread], tolerance.float64.op)
    // The true distance is zero.
    if (value <= spread) held++
  }
  expectClose("share", [held / times], [0.95], agreement.coverage)
})
