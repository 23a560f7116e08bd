// The cost of `measure`: the kernel at both ends of a training, and the net on the test points.
import { secondsOfKernel, secondsOfStep, type Cost } from "../net/cost.ts"
import type { MeasureParams } from "./measure.ts"

export const cost: Cost<MeasureParams> = (params, pointsOf) =>
  2 * secondsOfKernel(params.model, params.kernelPoints ** 2) + 3 * secondsOfStep(params.model, pointsOf("test"))
