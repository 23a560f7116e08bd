// Trains a net with an optimiser and learning rates that are fixed beforehand, as most programs do.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { Optimizer } from "./optimizer-params.ts"
import { Schedule } from "./schedule.ts"
import { Stop } from "../stop.ts"
import { taskParams } from "../task-params.ts"

export const DescendParams = Schema.Struct({
  ...taskParams,
  optimizer: Optimizer,
  /** Epochs are counted from 0. */
  schedule: Schedule,
  /** Points in a batch; null for all. The last batch of an epoch has what is left over. */
  batch: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))),
  /**
   * Converged at the end of an epoch whose mean loss is at most `loss`. Learning rates add up to no model time to stop
   * by.
   */
  stop: Schema.Struct({ loss: Stop.fields.loss, steps: Stop.fields.steps.check(Schema.isGreaterThan(0)) }),
  ...compute,
})
export type DescendParams = typeof DescendParams.Type

/**
 * Goes down the loss divided by alpha^2, as Chizat et al. do. The seed orders the points, anew in every epoch.
 * Outputs `weights`, the final ones; `curve`, a row for every epoch, counted from 1: epoch, step (those taken by its
 * end), rate, loss (alpha^2 times the loss, the mean over its batches, each before its step); `end`, one row: step,
 * epoch, loss, as in the last row of the curve, and converged. Where the steps end within an epoch, its row is of what
 * there was of it. Fails as Diverged where the loss is no number.
 * Source: Chizat et al. 2019; Kearns, Munyuza and Brosh 2023, whose stop rule it is.
 */
export const descend = stage(import.meta, "descend", {
  params: DescendParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./descend.run.ts"),
})
