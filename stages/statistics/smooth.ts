// Smooths curves by a running average along a logarithmic axis. Knows nothing about the columns.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"

export const SmoothParams = Schema.Struct({
  x: Schema.String,
  y: Schema.String,
  /** One curve for each combination of these columns. */
  by: Schema.Array(Schema.String),
  /** The number of places, spaced evenly on a logarithmic axis from the first x to the last. */
  places: Schema.Int.check(Schema.isGreaterThan(1)),
  /** Standard deviation of the Gaussian window, in places. */
  sigma: Schema.Finite.check(Schema.isGreaterThan(0)),
})
export type SmoothParams = typeof SmoothParams.Type

/**
 * Output `table`, with columns `by`, x and y, for each curve with at least two values of x. y is averaged over the rows
 * of the same x, interpolated at the places on straight lines over log x, and averaged there with a Gaussian window of
 * four sigma to either side. Beyond its ends a curve continues as its mirror image. Rows that did not converge are left
 * out.
 * Source: the program of Geiger et al. 2019, figure 1a.
 */
export const smooth = stage(import.meta, "smooth", {
  params: SmoothParams,
  inputs: { table: Table },
  outputs: { table: Table },
  run: () => import("./smooth.run.ts"),
})
