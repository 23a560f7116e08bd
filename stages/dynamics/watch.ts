// Trains a net as `train` does, watched on other points while it learns: how its output grows, and its layers.
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages } from "../compute.ts"
import { TrainParams } from "./train.ts"

/**
 * Outputs `curve`, a row for each moment kept: step, t, loss, and of the points `watched` (their labels do not matter)
 * moved: rms of f - f0; scaled: alpha times that; growth: rms of f over sqrt(h) times rms of f0; and sinceStart: t / t1,
 * where t1 is the first moment at which the loss is below half of what it was. `layers`, a row for each moment and each
 * array of weights W: sinceStart, layer, inflation |dW(t)| / |dW(t1)|. `end` as `train`. Without t1 both tables end up empty.
 * Source: Geiger et al. 2019, section 6, appendix E and figure 7.
 */
export const watch = stage(import.meta, "watch", {
  params: TrainParams,
  inputs: { data: Tensors, weights: Tensors, watched: Tensors },
  outputs: { curve: Table, layers: Table, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./watch.run.ts"),
})
