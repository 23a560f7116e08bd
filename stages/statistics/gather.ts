// Many tables of a grid as one, each row with the labels of the node it came from.
import { Schema } from "effect"
import { many, stage, Table } from "../../pipeline/stage.ts"

export const GatherParams = Schema.Struct({
  /** One record a table, in the same order. */
  labels: Schema.Array(Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.String]))),
  /** The columns to keep, beside the labels; null for all. */
  columns: Schema.NullOr(Schema.Array(Schema.String)),
  /** At most so many rows of each table, spread evenly from first to last; null for all. */
  rows: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(1))),
})
export type GatherParams = typeof GatherParams.Type

/** Output `table`: the columns of the labels, then those of the tables. */
export const gather = stage(import.meta, "gather", {
  params: GatherParams,
  inputs: { tables: many(Table) },
  outputs: { table: Table },
  run: () => import("./gather.run.ts"),
})
