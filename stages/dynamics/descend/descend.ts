// Trains a net with an optimiser and a fixed schedule of learning rates, as most programs do. Knows nothing about the
// flow of Geiger et al.
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
  /** Points in a batch; null for all points. The last batch of an epoch has the remaining points. */
  batch: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))),
  /**
   * Training has converged at the end of an epoch whose mean loss is at most `loss`. There is no stop by model time,
   * since learning rates do not add up to one.
   */
  stop: Schema.Struct({ loss: Stop.fields.loss, steps: Stop.fields.steps.check(Schema.isGreaterThan(0)) }),
  ...compute,
})
export type DescendParams = typeof DescendParams.Type

/**
 * Descends the loss divided by alpha^2, as Chizat et al. do. The seed orders the points, in a new order every epoch.
 * Outputs `weights`, the final weights; `curve`, a row for every epoch, counted from 1: epoch, step (the number of
 * steps at its end), rate, loss (alpha^2 times the loss, the mean over its batches, each before its step); `end`, one
 * row: step, epoch, loss, as in the last row of the curve, and converged. If the steps end within an epoch, its row
 * covers the steps that were taken. Fails with Diverged if the loss is not a finite number.
 * Source: Chizat et al. 2019; Kearns, Munyuza and Brosh 2023 for the stop rule.
 */
export const descend = stage(import.meta, "descend", {
  params: DescendParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./descend.run.ts"),
})
