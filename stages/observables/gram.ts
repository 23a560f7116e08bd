// The tangent kernel as a matrix of points, before and after training: does the kernel learn the classes? Knows nothing
// about the training.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const GramParams = Schema.Struct({
  model: Architecture,
  /** The stage uses this many test points, from the first. */
  points: Schema.Int,
  ...compute,
})
export type GramParams = typeof GramParams.Type

/**
 * Output `entries`, a row for each pair of points: i, j, when ("start", "end"), value in units of the rms of all
 * entries. Points of odd classes come first, then points of even classes, each in order of its class if the test points
 * have one. Output `summary`, a row for each time: when; deviation of the entries; contrast, (mean over pairs with the
 * same label - mean over the other pairs) / mean; alignment with y y', both centred; size, the rms that the entries
 * were divided by.
 * Source: Geiger et al. 2019, figure 5a and b.
 */
export const gram = stage(import.meta, "gram", {
  params: GramParams,
  inputs: { test: Tensors, start: Tensors, end: Tensors },
  outputs: { entries: Table, summary: Table },
  optionalPackages: backendPackages,
  run: () => import("./gram.run.ts"),
})
