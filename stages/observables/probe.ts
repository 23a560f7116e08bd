// Examines a net before training. The net is drawn inside the stage, and only numbers leave the stage: the weights of
// wide nets would fill a store. Knows nothing about training.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const ProbeParams = Schema.Struct({
  /** A net of dense layers only. */
  model: Architecture,
  /** The kernel is computed on this many points, from the first. */
  kernelPoints: Schema.Int,
  ...compute,
})
export type ProbeParams = typeof ProbeParams.Type

/**
 * Draws a net and evaluates it on the points x (n, …) with labels y (n).
 * Output `arrays`, a row for each array of weights: array, kind (W or B, of the first, an inner or the last layer),
 * gradient, the rms entry of df/d(array) over points. Output `layers`, a row for each layer: layer (from 1; the last is
 * the output); start, the rms over points and units of the preactivation z; velocity, the same of dz/dt, along minus
 * the gradient of the hinge loss with alpha = 1.
 * Output `kernel`: K.
 * Source: Geiger et al. 2019, section 2, eq. 11 and 12, appendix F and figure 8.
 */
export const probe = stage(import.meta, "probe", {
  params: ProbeParams,
  inputs: { data: Tensors },
  outputs: { arrays: Table, layers: Table, kernel: Tensors },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./probe.run.ts"),
})
