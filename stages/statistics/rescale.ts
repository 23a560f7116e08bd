// Rescales curves to lie between 0 and 1, to see whether they fall on one curve. Knows nothing about the columns.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"

export const RescaleParams = Schema.Struct({
  x: Schema.String,
  y: Schema.String,
  /** One curve for each combination of these columns. */
  by: Schema.Array(Schema.String),
})
export type RescaleParams = typeof RescaleParams.Type

/**
 * Output `table`, with columns `by`, x, y and `rescaled`. For each curve, y is averaged over the rows of the same x.
 * `rescaled` is 0 where the curve is lowest and 1 where the curve is highest. Rows that did not converge are left out.
 * Source: Geiger et al. 2019, figure 1d.
 */
export const rescale = stage(import.meta, "rescale", {
  params: RescaleParams,
  inputs: { table: Table },
  outputs: { table: Table },
  run: () => import("./rescale.run.ts"),
})
