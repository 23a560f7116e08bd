// The tangent kernel as a matrix of points, before and after training: does it come to know the classes?
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const GramParams = Schema.Struct({
  model: Architecture,
  /** The first so many test points. */
  points: Schema.Int,
  ...compute,
})
export type GramParams = typeof GramParams.Type

/**
 * Outputs `entries`, a row for each pair of points: i, j, when ("start", "end"), value, in units of the rms of all; odd
 * classes first, then even ones, each in order of its class where the test points have one. `summary`, a row for each
 * time: when, deviation of the entries; contrast, (mean of pairs of one label - mean of the others) / mean; alignment
 * with y y', both centred; and size, the rms before it was divided out.
 * Source: Geiger et al. 2019, figure 5a and b.
 */
export const gram = stage(import.meta, "gram", {
  params: GramParams,
  inputs: { test: Tensors, start: Tensors, end: Tensors },
  outputs: { entries: Table, summary: Table },
  optionalPackages: backendPackages,
  run: () => import("./gram.run.ts"),
})
