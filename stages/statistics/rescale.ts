// Curves brought between 0 and 1, to see whether they are one curve.
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
 * Output `table`: of each curve, y averaged over the rows of one x; columns `by`, x, y, and rescaled, which is 0 where
 * the curve is lowest and 1 where it is highest. Rows that did not converge are left out.
 * Source: Geiger et al. 2019, figure 1d.
 */
export const rescale = stage(import.meta, "rescale", {
  params: RescaleParams,
  inputs: { table: Table },
  outputs: { table: Table },
  run: () => import("./rescale.run.ts"),
})
