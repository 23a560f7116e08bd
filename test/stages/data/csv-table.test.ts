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

test("an empty cell and an empty file are refused", async () => {
  expect((await failure(read("a,b\n1,2\n3,\n"))).message).toBe("row 2 has no value in the column b")
  expect((await failure(read("a,b\n1,2\n3\n"))).message).toBe("row 2 has no value in the column b")
  expect((await failure(read("# nothing\n"))).message).toBe("the file has no row of column names")
})
