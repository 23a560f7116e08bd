// Measures how far a training has moved each array and each layer of one net. Knows nothing about how the net was
// trained.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const MovesParams = Schema.Struct({
  model: Architecture,
  /** The layers are measured on this many points, from the first. */
  points: Schema.Int.check(Schema.isGreaterThan(0)),
  ...compute,
})
export type MovesParams = typeof MovesParams.Type

/**
 * Inputs: points x (n, …), the weights at the `start` and at the `end`.
 * Output `arrays`, a row for each array of weights: array; moved, the rms entry of its change. Output `layers`, a row
 * for each layer: layer (from 1; the last is the output); moved, the rms over points and units of the change of the
 * preactivation; switched, the fraction of points and units at which the preactivation has changed its sign. A ReLU
 * switches there.
 * Source: Geiger et al. 2019, eq. 13 and appendix H.
 */
export const moves = stage(import.meta, "moves", {
  params: MovesParams,
  inputs: { points: Tensors, start: Tensors, end: Tensors },
  outputs: { arrays: Table, layers: Table },
  optionalPackages: backendPackages,
  run: () => import("./moves.run.ts"),
})
