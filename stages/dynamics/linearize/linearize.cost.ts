// What `linearize` costs: both kernels, and steps of one product with the kernel each.
import { secondsOfKernel, type Cost } from "../../net/cost.ts"
import { stepsOf } from "../train/train.cost.ts"
import type { LinearizeParams } from "./linearize.ts"

/** As lazy as a training can be. */
const LAZY = 1e5

export const cost: Cost<LinearizeParams> = (params, pointsOf) => {
  const [n, nTest] = [pointsOf("train"), pointsOf("test")]
  return secondsOfKernel(params.model, n * (n + nTest)) + stepsOf({ ...params, alpha: LAZY }, n) * n * n * 1.2e-9
}
