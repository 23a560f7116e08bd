// The numbers that claims are judged by.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"
import { Quantity } from "./quantity.ts"

export const SummarizeParams = Schema.Struct({ quantities: Schema.Array(Quantity) })
export type SummarizeParams = typeof SummarizeParams.Type

/**
 * Of a `table` of a grid, a row a run. Where it has a column `converged`, runs that did not are left out, as in the
 * paper, unless a quantity says otherwise. Output `summary`: a row per quantity with its value and, where it is a mean
 * over nets, half the width of its interval (95 %, by Student's distribution over replicas). Not a number where the
 * rows do not give the quantity.
 */
export const summarize = stage(import.meta, "summarize", {
  params: SummarizeParams,
  inputs: { table: Table },
  outputs: { summary: Table },
  run: () => import("./summarize.run.ts"),
})
