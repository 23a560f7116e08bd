// Trains a net on alpha (f(w) - f(w0)) with momentum and random batches, at a temperature: the larger the step, the
// larger the batch.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { flowParams } from "../flow.ts"
import { BatchRule } from "./temperature.ts"
import { taskParams } from "../task-params.ts"

const Size = Schema.Int.check(Schema.isGreaterThan(0))

export const TrainAtTemperatureParams = Schema.Struct({
  ...taskParams,
  /** `train` is for a temperature of 0. */
  temperature: Schema.Finite.check(Schema.isGreaterThan(0)),
  batches: BatchRule,
  /** No step is larger than a batch of this size is for; 64 in the program. */
  largestBatch: Size,
  /** Steps that a smaller batch would be for have less than the temperature; 1 in the program. */
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
 * Each try draws a batch by the rule; a step that changes an output of its batch by more than `high` is undone.
 * Every n points, all of them are looked at: the curve has only such moments, and the loss at which training has
 * converged is theirs. `paper-code` has also converged once a whole pass finds no point below its margin.
 * Outputs `weights`, the final ones; `curve` with columns step, t, scaledTime t / (sqrt(h) alpha), loss (alpha^2 times
 * the loss of all points), and the step dt and the batch that were to come; `end`, one row: step, undone, t, loss,
 * converged. The seed draws the batches. Fails as Diverged where the loss is no number.
 * Source: Geiger et al. 2019, appendix A and figure 1b; `paper-code` as its program.
 */
export const trainAtTemperature = stage(import.meta, "trainAtTemperature", {
  params: TrainAtTemperatureParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { weights: Tensors, curve: Table, end: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./train-at-temperature.run.ts"),
})
