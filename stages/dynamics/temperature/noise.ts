// Measures the noise in the gradients of batches, and compares it with the temperature. Knows nothing about training.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { Architecture } from "../../net/architecture.ts"

export const NoiseParams = Schema.Struct({
  model: Architecture,
  batches: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))),
  /** Number of batches drawn of each size. */
  draws: Schema.Int,
  /** The temperature T for the columns `step` and `inverse`. */
  temperature: Schema.Finite,
  ...compute,
})
export type NoiseParams = typeof NoiseParams.Type

/**
 * At the start all points are below their margin. The gradient of point i is then -y_i df_i / alpha, and the products
 * of gradients are y_i y_j Theta_ij, so no gradient is computed.
 * Output `noise`, a row for each batch size b: batch; step, dt of that batch at the temperature; inverse, the batch of
 * that step (eq. 19) over b; variance, the mean squared distance between the gradient of a batch, drawn as `paper-text`
 * draws it, and the gradient of all points; expected, tr Sigma / b (1 - (b - 1) / (n - 1)); ratio, variance over
 * expected; temperature, eq. 17 from dt and b.
 * Source: Geiger et al. 2019, appendix A.
 */
export const noise = stage(import.meta, "noise", {
  params: NoiseParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { noise: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./noise.run.ts"),
})
