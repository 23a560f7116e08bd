// Shared parts of the params of figures: names of columns, and values in columns. Knows nothing about drawing.
import { Schema } from "effect"

/** The name of a column. */
export const Name = Schema.NonEmptyString
export const Value = Schema.Union([Schema.Finite, Schema.String, Schema.Boolean])
/** Only the rows with these values, by column. */
export const Where = Schema.Record(Schema.String, Value)
/** Two tables in one; the column `field` says which table a row belongs to. */
export const Pair = Schema.Struct({
  field: Name,
  title: Schema.String,
  names: Schema.Tuple([Schema.String, Schema.String]),
})
