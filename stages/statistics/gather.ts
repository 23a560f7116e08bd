// Joins many tables of a grid into one. Each row gets the labels of its node. Knows nothing about the columns.
import { Schema } from "effect"
import { many, stage, Table } from "../../pipeline/stage.ts"

export const GatherParams = Schema.Struct({
  /** One record a table, in the order of the tables. */
  labels: Schema.Array(Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.String]))),
  /** The columns to keep beside the labels; null for all columns. */
  columns: Schema.NullOr(Schema.Array(Schema.String)),
  /** The largest number of rows of each table, spread evenly from first to last; null for all rows. */
  rows: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(1))),
})
export type GatherParams = typeof GatherParams.Type

/** Output `table`: the columns of the labels, then the columns of the tables. */
export const gather = stage(import.meta, "gather", {
  params: GatherParams,
  inputs: { tables: many(Table) },
  outputs: { table: Table },
  run: () => import("./gather.run.ts"),
})
