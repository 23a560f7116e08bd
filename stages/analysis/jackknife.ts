// The numbers that claims are judged by, where several nets give them together: as an ensemble, or by their variance.
import { stage, Table } from "../../pipeline/stage.ts"
import { SummarizeParams } from "./summarize.ts"

/**
 * Inputs: a `table` that replicas gave together, and `without`, rows of the same kind made without one of them, whose
 * place is in the column `without`: one and the same replica in all rows of a place.
 * Output `summary`: a row per quantity with its value by `table` and half the width of its interval (95 %, by Student's
 * distribution): the standard error is sqrt((R - 1) / R) times the root of the summed squares by which the quantity
 * without one of R replicas differs from the mean of such. Not a number for fewer than three replicas, and for a largest
 * one, a least one, a median or a rank, which do not change smoothly.
 * Source: J. W. Tukey, Bias and confidence in not-quite large samples, 1958; R. G. Miller, The jackknife, 1974.
 */
export const jackknife = stage(import.meta, "jackknife", {
  params: SummarizeParams,
  inputs: { table: Table, without: Table },
  outputs: { summary: Table },
  run: () => import("./jackknife.run.ts"),
})
