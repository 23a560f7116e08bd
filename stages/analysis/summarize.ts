// The numbers that claims are judged by.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"
import { Quantity } from "./quantity.ts"

export const SummarizeParams = Schema.Struct({ quantities: Schema.Array(Quantity) })
export type SummarizeParams = typeof SummarizeParams.Type

/**
 * Of a `table` of a grid, a row a run. Where it has a column `converged`, runs that did not are left out of everything
 * but counts, as in the paper.
 * Output `summary`: a row per quantity with its value and, where curves or pairs give one, half the width of its
 * interval (95 %, by Student's distribution). Not a number where the rows do not give the quantity.
 */
export const summarize = stage(import.meta, "summarize", {
  params: SummarizeParams,
  inputs: { table: Table },
  outputs: { summary: Table },
  run: () => import("./summarize.run.ts"),
})
