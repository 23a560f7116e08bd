// The cost of `trainAtTemperature`.
import { secondsOfStep, type Cost } from "../../net/cost.ts"
import type { TrainAtTemperatureParams } from "./train-at-temperature.ts"

export const cost: Cost<TrainAtTemperatureParams> = (params, pointsOf) =>
  batchesOf(params, pointsOf("data")) * secondsOfStep(params.model, 2 * params.largestBatch)

/**
 * The number of batches at the largest step of the temperature, which trainings soon reach. Model times of 130 and more
 * were seen at alpha = 1.
 */
const batchesOf = ({ temperature, largestBatch, stop }: TrainAtTemperatureParams, n: number): number => {
  const step = (temperature * largestBatch) / (1 - (Math.min(largestBatch, n - 1) - 1) / (n - 1))
  return Math.min(stop.steps, (200 * Math.max(1, n / 200)) / step)
}
