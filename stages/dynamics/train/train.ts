// Trains a net on alpha (f(w) - f(w0)) with full batches and momentum. Knows nothing about what is measured afterwards.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { flowParams } from "../flow.ts"
import { taskParams } from "../task-params.ts"

export const TrainParams = Schema.Struct({
  ...taskParams,
  ...flowParams,
  ...compute,
})
export type TrainParams = typeof TrainParams.Type

/**
 * Outputs `weights`, the final weights; `curve` with columns step, t, scaledTime t / (sqrt(h) alpha) and loss (alpha^2
 * times the loss); `end`, one row: step, undone, t, loss, converged. Fails with Diverged if the loss is not a finite
 * number.
 * Source: Geiger et al. 2019, eq. 4 to 6.
 */
export const train = stage(import.meta, "train", {
  params: TrainParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./train.run.ts"),
})
