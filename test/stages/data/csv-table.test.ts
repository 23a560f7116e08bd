// Tables that are kept as CSV files: they come back as they were written.
import { expect, test } from "vitest"
import { csv } from "../../../report/csv.ts"
import { run } from "../../../stages/data/csv-table.run.ts"
import { failure, perform } from "../perform.ts"

const read = (text: string) => run({ params: {}, inputs: { bytes: new TextEncoder().encode(text) }, seed: 0 })

test("numbers, truth values and texts come back, and remarks are left out", async () => {
  const table = {
    h: [100, 1e-7, -2.5],
    converged: [true, false, true],
    variant: ["published", "with, a comma", 'and "quotes"'],
  }
  expect((await perform(read(`# where it is from\n${csv(table)}`))).table).toEqual(table)
})

test("a table of no rows has its columns", async () => {
  expect((await perform(read("a,b\n"))).table).toEqual({ a: [], b: [] })
})

test("a column with a text anywhere is a column of texts, however late the text comes", async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => (i === 1400 ? "late" : `${i}`))
  expect((await perform(read(`a\n${rows.join("\n")}\n`))).table["a"]).toEqual(rows)
  expect((await perform(read("a\n2020-01-01\nNaN\n"))).table["a"]).toEqual(["2020-01-01", "NaN"])
})

test.each([
  ["a,b\n1,2\n3,\n", "row 2 has no value in the column b"],
  ["a,b\n1,2\n3\n", "row 2 has 1 cells, but there are 2 columns"],
  ["a,b\n1,2,3\n", "row 1 has 3 cells, but there are 2 columns"],
  ["a,a\n1,2\n", "two columns are called a"],
  ["# nothing\n", "the file has no row of column names"],
])("%j is refused", async (text, message) => {
  expect((await failure(read(text))).message).toBe(message)
})
