// The cost of `linearize`: both kernels, and steps that take one product with the kernel each.
import { secondsOfKernel, type Cost } from "../../net/cost.ts"
import { stepsOf } from "../train/train.cost.ts"
import type { LinearizeParams } from "./linearize.ts"

/** alpha at the lazy end of its range. */
const LAZY = 1e5

export const cost: Cost<LinearizeParams> = (params, pointsOf) => {
  const [n, nTest] = [pointsOf("train"), pointsOf("test")]
  return secondsOfKernel(params.model, n * (n + nTest)) + stepsOf({ ...params, alpha: LAZY }, n) * n * n * 1.2e-9
}
