// Trains a net with an optimiser and a fixed schedule of learning rates, as most programs do. Knows nothing about the
// flow of Geiger et al.
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages } from "../../compute.ts"
import { DescendParams } from "./descend-params.ts"

/**
 * Descends the loss divided by alpha^2, as Chizat et al. do. The seed orders the points, in a new order every epoch.
 * Outputs `weights`, the final weights; `curve`, a row for every epoch, counted from 1: epoch, step (the number of
 * steps at its end), rate, loss (alpha^2 times the loss, the mean over its batches, each before its step); `end`, one
 * row: step, epoch, loss, as in the last row of the curve, and converged. If the steps end within an epoch, its row
 * covers the steps that were taken. The weights are float64. If the method is `uncentred`, trained arrays are in the
 * dtype of the training; their change is then known to 6e-8 of the weight in float32. Fails with Diverged if the loss
 * is not a finite number.
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
