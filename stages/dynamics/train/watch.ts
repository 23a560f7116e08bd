// Trains a net as `train` does, watched on other points while it learns: how its output grows, and its layers.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages } from "../../compute.ts"
import { TrainParams } from "./train.ts"

export const WatchParams = Schema.Struct({
  ...TrainParams.fields,
  /** It is watched on the first so many points. */
  points: Schema.Int.check(Schema.isGreaterThan(0)),
})
export type WatchParams = typeof WatchParams.Type

/**
 * In units of t1, the first moment at which the loss is below half of what it was, twelve moments a decade from 0.001
 * to 100: `curve`, a row a moment: sinceStart t / t1, t, loss, and of the points `watched` (their labels do not matter)
 * moved: rms of f - f0; scaled: alpha times that; overRoot: the latter over sqrt(h); growth: rms of f over sqrt(h)
 * times rms of f0. `layers`, a row for each moment and each array of weights W: sinceStart, layer, inflation |dW(t)| /
 * |dW(t1)|. Both are empty without t1. `end` as `train`, with moved, scaled, overRoot and growth at the end, and the
 * inflation of all W taken together (not a number without t1); amplification likewise, but since the output moved by
 * sqrt(h), which is how section 6 means its t1. Source: Geiger et al. 2019, section 6, appendix E and figure 7.
 */
export const watch = stage(import.meta, "watch", {
  params: WatchParams,
  inputs: { data: Tensors, weights: Tensors, watched: Tensors },
  outputs: { curve: Table, layers: Table, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./watch.run.ts"),
})
