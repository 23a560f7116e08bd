// Trains a net on alpha (f(w) - f(w0)) with full batches and momentum.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"
import { LossName } from "../net/loss-name.ts"
import { Method } from "../net/method.ts"
import { flowParams } from "./flow.ts"

export const TrainParams = Schema.Struct({
  model: Architecture,
  method: Method,
  /** sqrt(h) alpha, the number people say; alpha follows from the width of the net. */
  sqrtHAlpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  loss: LossName,
  ...flowParams,
  ...compute,
})
export type TrainParams = typeof TrainParams.Type

/**
 * Outputs `weights`, the final ones; `curve` with columns step, t, scaledTime t / (sqrt(h) alpha) and
 * loss (alpha^2 times the loss);
 * `end`, one row: step, undone, t, loss, converged. Fails as Diverged where the loss is no number.
 * Source: Geiger et al. 2019, eq. 4 to 6.
 */
export const train = stage(import.meta, "train", {
  params: TrainParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./train.run.ts"),
})
