// A table from the bytes of a CSV file: results that were computed once and are kept. Knows nothing about the columns.
import { Schema } from "effect"
import { Bytes, stage, Table } from "../../pipeline/stage.ts"

/**
 * Output `table`: the columns of the file, whose first row has their names. Columns of numbers, of `true` and `false`,
 * and of texts are told apart; lines that begin with # are remarks. Fails with InvalidInput if a cell is empty or a row
 * has another number of cells than there are columns.
 */
export const csvTable = stage(import.meta, "csvTable", {
  params: Schema.Struct({}),
  inputs: { bytes: Bytes },
  outputs: { table: Table },
  run: () => import("./csv-table.run.ts"),
})
