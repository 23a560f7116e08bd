// What is a net like before it learns? It is drawn inside the stage and leaves only numbers: wide ones would fill a
// store.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const ProbeParams = Schema.Struct({
  /** Of dense layers only. */
  model: Architecture,
  /** The kernel is taken on the first so many points. */
  kernelPoints: Schema.Int,
  ...compute,
})
export type ProbeParams = typeof ProbeParams.Type

/**
 * Draws a net and takes, on the points x (n, …) with labels y (n): `arrays`, a row for each array of weights: array,
 * kind (W or B, of the first, an inner or the last layer), gradient, the rms entry of df/d(array) over points;
 * `layers`, a row for each layer: layer (from 1), velocity, the rms over points and units of dz/dt at the start, along
 * minus the gradient of the hinge loss with alpha = 1; `kernel`, K. Source: Geiger et al. 2019, eq. 11 and 12, appendix
 * F and figure 8.
 */
export const probe = stage(import.meta, "probe", {
  params: ProbeParams,
  inputs: { data: Tensors },
  outputs: { arrays: Table, layers: Table, kernel: Tensors },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./probe.run.ts"),
})
