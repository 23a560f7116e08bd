// How far the weights of many nets have moved, by the metrics of Kearns et al. and relative to their start, from the
// tables that `movement` leaves. Knows nothing about how the nets were trained.
import { Schema } from "effect"
import { many, stage, Table } from "../../pipeline/stage.ts"

export const WeightMovementParams = Schema.Struct({
  nets: Schema.Array(
    Schema.Struct({
      labels: Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.String])),
      /** The number of units by which the movement is divided. */
      units: Schema.Finite.check(Schema.isGreaterThan(0)),
    }),
  ),
})
export type WeightMovementParams = typeof WeightMovementParams.Type

/**
 * Kernels are the arrays W…; biases are left out, as in the report. The last kernel is that of the output layer.
 *
 * Output `nets`, a row for each net: its labels; `norm`, the Frobenius norm of the change of all kernels; `perUnit`,
 * this norm / units; `relative`, the norm of the change of the hidden kernels / their norm at the start;
 * `relativeOutput`, the same of the output kernel; step, epoch, loss and converged, as training ended.
 * Output `layers`, a row for each kernel, for the sum over hidden kernels and for the sum over all kernels: labels;
 * `layer` (`first`, `second`, …, `output`, `sum`, `all`); `weights`, the number of its weights; `meanMoved`, the mean
 * absolute change of its weights, summed over kernels; `root`, sqrt(meanMoved) / units; relative; `share`, meanMoved /
 * the mean absolute weight of a uniform draw of the same norm at the start; step, epoch, loss and converged.
 * Source: Kearns, Munyuza and Brosh 2023: `perUnit` in figures 2 and 3, `meanMoved` in figures 4a, 5, 6 and 8, `root`
 * in figure 4b.
 */
export const weightMovement = stage(import.meta, "weightMovement", {
  params: WeightMovementParams,
  inputs: { arrays: many(Table), ends: many(Table) },
  outputs: { nets: Table, layers: Table },
  run: () => import("./weight-movement.run.ts"),
})
