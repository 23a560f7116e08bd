// Intervals of what nets give together: of a mean, where the textbook's formula is another road, and of a slope of
// variances over widths, where many draws of such nets tell how often the interval holds the truth.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import type { Quantity } from "../../../stages/analysis/quantity.ts"
import { run } from "../../../stages/analysis/jackknife.run.ts"
import { estimate } from "../../../stages/analysis/scaling.ts"
import { stream } from "../../../stages/random.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

type Row = Readonly<Record<string, number>>
const tableOf = (rows: ReadonlyArray<Row>): Table => Object.fromEntries(Object.keys(rows[0] ?? {}).map((column) => [column, rows.map((row) => row[column]!)]))

/** A row of all, and a row without each. */
const tables = <A>(groups: ReadonlyArray<{ readonly at: Row; readonly values: ReadonlyArray<A> }>, of: (values: ReadonlyArray<A>) => number) => ({
  table: tableOf(groups.map(({ at, values }) => ({ ...at, y: of(values) }))),
  without: tableOf(groups.flatMap(({ at, values }) => values.map((_, left) => ({ ...at, without: left, y: of(values.filter((_, i) => i !== left)) })))),
})
const judged = async (quantity: Quantity, inputs: { readonly table: Table; readonly without: Table }) => {
  const { summary } = await perform(run({ params: { quantities: [quantity] }, inputs, seed: 0 }))
  return { value: Number(summary["value"]![0]), spread: Number(summary["spread"]![0]) }
}
const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1)
/** Over nets, averaged over points. */
const variances = (nets: ReadonlyArray<ReadonlyArray<number>>): number => mean(nets[0]!.map((_, point) => variance(nets.map((net) => net[point]!))))

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
  const { normal } = stream(1, "jackknife")
  // As outputs of ten nets at forty test points.
  const draw = () => [32, 64, 128].map((h) => ({ at: { h }, values: Array.from({ length: 10 }, () => Array.from({ length: 40 }, () => normal() / Math.sqrt(h))) }))
  const times = 1000
  let held = 0
  for (let i = 0; i < times; i++) {
    const { value, spread } = await judged(slope, tables(draw(), variances))
    if (Math.abs(value + 1) <= spread) held++
  }
  // 0.95 give or take 0.007, and a little more: Student's factor is that of ten nets, and there are ten of each width.
  expect(held / times).toBeGreaterThan(0.94)
  expect(held / times).toBeLessThan(0.98)
})

test("two nets have no interval, and neither has the least of many numbers", async () => {
  expect((await judged(average, tables([{ at: {}, values: [1, 2] }], mean))).spread).toBeNaN()
  expect((await judged({ name: "least", of: "smallest", y: "y" }, tables([{ at: {}, values: [1, 2, 3, 4] }], mean))).spread).toBeNaN()
})

test("without any net left out there is no interval, and the value stands", async () => {
  const { value, spread } = await judged(average, { table: { y: [2] }, without: { without: [] } })
  expect([value, spread]).toEqual([2, Number.NaN])
})
