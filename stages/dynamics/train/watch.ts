// Trains a net as `train` does, and watches it on other points while it learns: how its outputs and its layers grow.
// Knows nothing about the use of the curves.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages } from "../../compute.ts"
import { TrainParams } from "./train.ts"

export const WatchParams = Schema.Struct({
  ...TrainParams.fields,
  /** The net is watched on this many points, from the first. */
  points: Schema.Int.check(Schema.isGreaterThan(0)),
})
export type WatchParams = typeof WatchParams.Type

/**
 * t1 is the first moment at which the loss is below half of its start. Rows are at twelve moments a decade, from 0.001
 * t1 to 100 t1.
 * Output `curve`, a row a moment: sinceStart t / t1, t, loss; and for the points `watched` (their labels do not matter)
 * moved: rms of f - f0; scaled: alpha times moved; overRoot: scaled over sqrt(h); growth: rms of f over sqrt(h) times
 * rms of f0. Output `layers`, a row for each moment and each array of weights W: sinceStart, layer, inflation
 * |dW(t)| / |dW(t1)|. Both tables are empty if there is no t1.
 * Output `end`: the columns of `train`; moved, scaled, overRoot and growth at the end; inflation of all W taken
 * together (not a number without t1); amplification, the same ratio but since the moment when the output had moved by
 * sqrt(h), which is the t1 of section 6.
 * Source: Geiger et al. 2019, section 6, appendix E and figure 7.
 */
export const watch = stage(import.meta, "watch", {
  params: WatchParams,
  inputs: { data: Tensors, weights: Tensors, watched: Tensors },
  outputs: { curve: Table, layers: Table, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./watch.run.ts"),
})
