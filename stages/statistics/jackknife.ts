// Computes the numbers that claims are judged by, where several nets together give one number: the error of an
// ensemble, or a variance. Such a number is not a mean over nets. Leaving out each net in turn shows how much the
// number would differ with other nets. Knows nothing about how the quantities are computed.
import { stage, Table } from "../../pipeline/stage.ts"
import { SummarizeParams } from "./summarize.ts"

/**
 * Inputs: a `table` made from all replicas together, and `without`: rows of the same kind, made without one replica.
 * The column `without` holds the place of that replica. One net of every group is left out at once: the same net at
 * each alpha, a different net at each width, so R - 1 degrees of freedom are left.
 * Output `summary`: a row per quantity with its value from `table` and half the width of its interval (95 %, by
 * Student's distribution). The standard error is sqrt((R - 1) / R) times the root of the sum of squared deviations: the
 * deviations of the R values without one replica from the mean of those values. The interval is not a number for fewer
 * than three replicas, and for quantities that jump where a net changes little: counts, extremes, medians, ranks. The
 * error of a mean output counts signs, and leaving out one net in R flips signs more often than a new draw of all nets
 * does: there the interval is a fifth to two thirds too wide.
 * Fails with InvalidInput if a group lacks a row without some replica.
 * Source: J. W. Tukey, Bias and confidence in not-quite large samples, 1958; R. G. Miller, The jackknife, 1974.
 */
export const jackknife = stage(import.meta, "jackknife", {
  params: SummarizeParams,
  inputs: { table: Table, without: Table },
  outputs: { summary: Table },
  run: () => import("./jackknife.run.ts"),
})
