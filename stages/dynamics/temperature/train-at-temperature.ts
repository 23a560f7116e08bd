// Trains a net on alpha (f(w) - f(w0)) with momentum and random batches at a fixed temperature: the larger the step,
// the larger the batch. Knows nothing about what is measured afterwards.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { flowParams } from "../flow.ts"
import { BatchRule } from "./temperature.ts"
import { taskParams } from "../task-params.ts"

const Size = Schema.Int.check(Schema.isGreaterThan(0))

export const TrainAtTemperatureParams = Schema.Struct({
  ...taskParams,
  /** For a temperature of 0 use `train`. */
  temperature: Schema.Finite.check(Schema.isGreaterThan(0)),
  batches: BatchRule,
  /** No step is larger than the step that needs a batch of this size; 64 in the program. */
  largestBatch: Size,
  /**
   * No batch is smaller than this. Steps that need a smaller batch then have less than the temperature; 1 in the
   * program.
   */
  smallestBatch: Size,
  ...flowParams,
  ...compute,
}).check(
  Schema.makeFilter(
    ({ batches, loss }) =>
      batches !== "paper-code" ||
      loss === "hinge" ||
      "paper-code draws points below their margin: it is for the hinge loss",
  ),
  Schema.makeFilter(
    ({ smallestBatch, largestBatch }) =>
      smallestBatch <= largestBatch || "the smallest batch is larger than the largest",
  ),
)
export type TrainAtTemperatureParams = typeof TrainAtTemperatureParams.Type

/**
 * Each try draws a batch by the rule. A step that changes an output of its batch by more than `high` is undone. After
 * every n points of batches, all points are evaluated: the curve has only these moments, and their loss decides whether
 * training has converged. With `paper-code` training has also converged once a whole pass finds no point below its
 * margin.
 * Outputs `weights`, the final weights; `curve` with columns step, t, scaledTime t / (sqrt(h) alpha), loss (alpha^2
 * times the loss of all points), and dt and batch of the next step; `end`, one row: step, undone, t, loss, converged.
 * The seed draws the batches. Fails with Diverged if the loss is not a finite number.
 * Source: Geiger et al. 2019, appendix A and figure 1b; `paper-code` follows its program.
 */
export const trainAtTemperature = stage(import.meta, "trainAtTemperature", {
  params: TrainAtTemperatureParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./train-at-temperature.run.ts"),
})
