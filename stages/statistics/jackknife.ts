// The numbers that claims are judged by, where several nets give them together: as an ensemble, or by their variance.
// Such a number is no mean over nets. How far it would be off with other nets is told by leaving out each in turn.
import { stage, Table } from "../../pipeline/stage.ts"
import { SummarizeParams } from "./summarize.ts"

/**
 * Inputs: a `table` that replicas gave together, and `without`, rows of the same kind made without one of them, whose
 * place among the replicas is in the column `without`. One net of every group is left out at once: at each alpha the
 * same net, of each width another one, so that R - 1 degrees of freedom are left.
 * Output `summary`: a row per quantity with its value by `table` and half the width of its interval (95 %, by Student's
 * distribution), of standard error sqrt((R - 1) / R) times the root of the summed squares by which the quantity without
 * one of R replicas differs from the mean of such. Not a number for fewer than three replicas, and for quantities that
 * jump where a net changes little: counts, extremes, medians, ranks. The error of a mean output counts signs, which one
 * net in R turns more often than a draw of all of them does: there the interval is a fifth to two thirds too wide.
 * Fails with InvalidInput where not every group has a row without each replica.
 * Source: J. W. Tukey, Bias and confidence in not-quite large samples, 1958; R. G. Miller, The jackknife, 1974.
 */
export const jackknife = stage(import.meta, "jackknife", {
  params: SummarizeParams,
  inputs: { table: Table, without: Table },
  outputs: { summary: Table },
  run: () => import("./jackknife.run.ts"),
})
