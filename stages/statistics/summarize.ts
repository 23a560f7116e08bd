// Computes the numbers that claims are judged by. Knows nothing about the claims.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"
import { Quantity } from "./quantity.ts"

export const SummarizeParams = Schema.Struct({ quantities: Schema.Array(Quantity) })
export type SummarizeParams = typeof SummarizeParams.Type

/**
 * Input: the `table` of a grid, one row a run. If the table has a column `converged`, runs that did not converge are
 * left out, as in the paper, unless a quantity says otherwise. Output `summary`: a row per quantity with its value and,
 * if the value is a mean over nets, half the width of its interval (95 %, by Student's distribution over replicas). A
 * value is not a number if the rows do not give the quantity.
 */
export const summarize = stage(import.meta, "summarize", {
  params: SummarizeParams,
  inputs: { table: Table },
  outputs: { summary: Table },
  run: () => import("./summarize.run.ts"),
})
