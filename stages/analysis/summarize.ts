// The numbers that claims about the two regimes are judged by.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"

const Range = Schema.Struct({ from: Schema.Finite, to: Schema.Finite })
export const SummarizeParams = Schema.Struct({
  /** Of sqrt(h) alpha, ends included. */
  feature: Range,
  lazy: Range,
})
export type SummarizeParams = typeof SummarizeParams.Type

/**
 * Inputs: `observables` of every run, `ensembles` of every width and alpha, `frozen` kernels of every net; each
 * with the columns h, sqrtHAlpha and replica where they apply.
 * Output `summary`: a row per quantity with its value and, where replicas give one, half the width of its interval.
 */
export const summarize = stage(import.meta, "summarize", {
  params: SummarizeParams,
  inputs: { observables: Table, ensembles: Table, frozen: Table },
  outputs: { summary: Table },
  run: () => import("./summarize.run.ts"),
})
