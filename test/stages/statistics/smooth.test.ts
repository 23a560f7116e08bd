// Running averages along a logarithmic axis: what they leave alone, and against sums written out.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/statistics/smooth.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

const smoothed = async (table: Table, { places, sigma }: { readonly places: number; readonly sigma: number }) =>
  (await perform(run({ params: { x: "h", y: "error", by: ["alpha"], places, sigma }, inputs: { table }, seed: 0 })))
    .table
const numbers = (table: Table, column: string): ReadonlyArray<number> => table[column]!.map(Number)

test("places are even on a logarithmic axis, and a constant stays what it is", async () => {
  const made = await smoothed({ alpha: ["1", "1"], h: [4, 64], error: [0.3, 0.3] }, { places: 5, sigma: 2 })
  expect(made["alpha"]).toEqual(Array.from({ length: 5 }, () => "1"))
  expectClose("places", numbers(made, "h"), [4, 8, 16, 32, 64], tolerance.float64.op)
  expectClose("values", numbers(made, "error"), [0.3, 0.3, 0.3, 0.3, 0.3], tolerance.float64.op)
})

const w = (i: number): number => Math.exp(-(i ** 2) / 2)
// One at 16, on places 4, 8, 16, 32, 64, one sigma apart: the window's own weights, and at the ends what is mirrored.
test("one value among zeros becomes the window, mirrored at the ends", async () => {
  const made = await smoothed(
    { alpha: [1, 1, 1, 1, 1], h: [4, 8, 16, 32, 64], error: [0, 0, 1, 0, 0] },
    { places: 5, sigma: 1 },
  )
  const all = [-4, -3, -2, -1, 0, 1, 2, 3, 4].reduce((sum, i) => sum + w(i), 0)
  expectClose(
    "values",
    numbers(made, "error"),
    [w(2) + w(3), w(1) + w(4), w(0), w(1) + w(4), w(2) + w(3)].map((each) => each / all),
    tolerance.float64.gradient,
  )
})

const replicasAndWidths =
  "replicas are averaged, between widths lie straight lines, and rows that did not converge are left out"
test(replicasAndWidths, async () => {
  const table = { alpha: [1, 1, 1, 1], h: [4, 4, 16, 8], error: [1, 3, 6, 1000], converged: [true, true, true, false] }
  expectClose(
    "values",
    numbers(await smoothed(table, { places: 3, sigma: 0.1 }), "error"),
    [2, 4, 6],
    tolerance.float64.op,
  )
})

test("each curve by itself; one width alone is no curve", async () => {
  const made = await smoothed(
    { alpha: [1, 1, 2, 2, 3], h: [4, 16, 2, 8, 4], error: [1, 1, 5, 5, 9] },
    { places: 2, sigma: 2 },
  )
  expect(made["alpha"]).toEqual([1, 1, 2, 2])
  expectClose("places", numbers(made, "h"), [4, 16, 2, 8], tolerance.float64.op)
  expectClose("values", numbers(made, "error"), [1, 1, 5, 5], tolerance.float64.op)
})
