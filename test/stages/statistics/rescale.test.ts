// Curves between 0 and 1, by hand: replicas averaged, failures left out, each curve by itself.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/statistics/rescale.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

const rescaled = async (table: Table, by: ReadonlyArray<string>) =>
  (await perform(run({ params: { x: "alpha", y: "error", by }, inputs: { table }, seed: 0 }))).table

/** Two widths; two replicas of the first, and runs that did not converge, whose numbers would show. */
const rows: Table = {
  width: [10, 10, 10, 10, 10, 10, 20, 20, 20],
  alpha: [4, 1, 1, 2, 2, 2, 2, 1, 4],
  error: [9, 2, 4, 5, 7, 1000, 0.5, 0.25, -1000],
  converged: [true, true, true, true, true, false, true, true, false],
}

test("of each curve, replicas are averaged and go from 0 to 1; rows that did not converge are left out", async () => {
  // Width 10: 3, 6, 9. Width 20: 0.25, 0.5.
  expect(await rescaled(rows, ["width"])).toEqual({
    width: [10, 10, 10, 20, 20],
    alpha: [1, 2, 4, 1, 2],
    error: [3, 6, 9, 0.25, 0.5],
    rescaled: [0, 0.5, 1, 0, 1],
  })
})

test("all rows count where none says whether it converged", async () => {
  const { converged: _, ...all } = rows
  const { width, error } = await rescaled(all, ["width"])
  expect(width).toEqual([10, 10, 10, 20, 20, 20])
  expect(error).toEqual([3, 1012 / 3, 9, 0.25, 0.5, -1000])
})

test("two columns make a curve of each combination, words among them", async () => {
  const table: Table = {
    width: [1, 1, 1, 1, 2, 2],
    loss: ["hinge", "hinge", "square", "square", "hinge", "hinge"],
    alpha: [1, 2, 1, 2, 1, 2],
    error: [5, 3, 1, 2, 8, 9],
  }
  expect(await rescaled(table, ["width", "loss"])).toEqual({ ...table, rescaled: [1, 0, 0, 1, 0, 1] })
})

test("curves that differ by a factor and a shift become one curve", async () => {
  const alpha = [0.1, 0.3, 1, 3, 10]
  const shape = alpha.map((each) => Math.atan(each) - each / 40)
  const table: Table = {
    h: alpha.concat(alpha).map((_, i) => (i < 5 ? 1 : 2)),
    alpha: [...alpha, ...alpha],
    error: [...shape, ...shape.map((value) => 7 * value - 3)],
  }
  const values = (await rescaled(table, ["h"]))["rescaled"] as ReadonlyArray<number>
  expectClose("curves", values.slice(5), values.slice(0, 5), tolerance.float64.gradient)
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1])
})
