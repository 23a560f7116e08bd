// The cost of `linearizeLimit`: a series for each pair of points and layer, and steps that take one product with the
// kernel each.
import type { Cost } from "../../net/cost.ts"
import { secondsOfFrozenFlow } from "./linearize.cost.ts"
import type { LinearizeLimitParams } from "./linearize-limit.ts"

export const cost: Cost<LinearizeLimitParams> = (params, pointsOf) => {
  const [n, nTest] = [pointsOf("train"), pointsOf("test")]
  return n * (n + nTest) * params.depth * 4e-7 + secondsOfFrozenFlow(params, n)
}
