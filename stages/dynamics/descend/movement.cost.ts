// The cost of `movement`, for points as rows. Seconds are of one core of the machine of test/bench/RESULTS.md.
import type { Cost } from "../../net/cost.ts"
import type { Architecture } from "../../net/architecture.ts"
import type { DescendParams } from "./descend-params.ts"

/**
 * A step takes 0.07 ms, 6 ns for each weight of the optimiser, and its products run at 40 GFLOP/s. Measured on nets of
 * Kearns et al. with 1,200 to 930,000 weights, one point a step, and on heads with 1.3 to 13 million weights, 40 points
 * a step.
 */
export const cost: Cost<DescendParams> = (params, pointsOf) => {
  const { model, batch } = params
  const n = pointsOf("data")
  const weights = weightsOf(model)
  const size = Math.min(batch ?? n, n)
  return stepsOf(params, Math.ceil(n / size)) * (7e-5 + 6e-9 * weights + (6 * size * weights) / 40e9)
}

/**
 * If no loss ends training, it takes all its steps. Otherwise the nets of Kearns et al. took 390 epochs at a width of
 * 100 and 54 at 10,000, at a loss of 0.005.
 */
const stepsOf = ({ model, stop }: Pick<DescendParams, "model" | "stop">, batches: number): number => {
  const width = model.kind === "mlp" ? model.hidden[0]! : "width" in model ? model.width : 100
  return stop.loss < 0 ? stop.steps : Math.min(stop.steps, batches * 390 * (width / 100) ** -0.43)
}

const weightsOf = (model: Architecture): number => {
  if (model.kind === "two-layer") return model.width * (model.inputs + model.outputs)
  if (model.kind !== "mlp") return 1e5
  const sizes = [model.inputs, ...model.hidden, model.outputs]
  return sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l]!, 0)
}
