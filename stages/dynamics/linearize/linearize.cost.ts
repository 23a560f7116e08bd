// The cost of `linearize`: both kernels, and steps that take one product with the kernel each.
import { secondsOfKernel, type Cost } from "../../net/cost.ts"
import { stepsOf } from "../train/train.cost.ts"
import type { LinearizeParams } from "./linearize.ts"

/** alpha at the lazy end of its range. */
const LAZY = 1e5

/** The flow itself: each step takes one product with the kernel of n points. */
export const secondsOfFrozenFlow = ({ low, stop }: Pick<LinearizeParams, "low" | "stop">, n: number): number =>
  stepsOf({ low, stop, alpha: LAZY }, n) * n * n * 1.2e-9

export const cost: Cost<LinearizeParams> = (params, pointsOf) => {
  const [n, nTest] = [pointsOf("train"), pointsOf("test")]
  return secondsOfKernel(params.model, n * (n + nTest)) + secondsOfFrozenFlow(params, n)
}
