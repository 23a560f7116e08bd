// The cost of `train`. The estimate is good to a factor of three for 200 to 1,000 points, and an upper bound for more
// points: the runs of Geiger et al. were cut off after ten hours.
import { secondsOfStep, type Cost } from "../../net/cost.ts"
import type { TrainParams } from "./train.ts"

export const cost: Cost<TrainParams> = (params, pointsOf) =>
  stepsOf(params, pointsOf("data")) * secondsOfStep(params.model, pointsOf("data"))

/**
 * Steps were counted at n = 200 and 1,000, sqrt(h) alpha from 0.01 to 1e5, with the quick bounds: 8 to 22 steps a
 * point, more in the lazy regime. Tighter bounds take more steps: 15 to 20 times as many for a hundredth (experiments
 * with n = 200).
 */
export const stepsOf = (
  { model, alpha, low, stop }: Pick<TrainParams, "alpha" | "low" | "stop"> & Partial<Pick<TrainParams, "model">>,
  n: number,
): number => {
  const scale = alpha * Math.sqrt(model !== undefined && "width" in model ? model.width : 1)
  const each = scale > 10 ? 22 : scale < 0.03 ? 12 : 8
  return Math.min(stop.steps, each * n * (0.01 / low) ** 0.62)
}
