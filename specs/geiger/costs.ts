// How long will a node take? From step costs and numbers of steps that were measured, for `plan`: at the paper's scale
// nothing of the past is like what would run. Good to a factor of three where n is that of the counts, 200 and 1,000;
// for more points an upper bound: the paper's own runs were cut off after ten hours.
import type { Output, StageNode } from "../../pipeline/node.ts"
import type { Architecture } from "../../stages/net/architecture.ts"
import type { TrainAtTemperatureParams } from "../../stages/dynamics/temperature/train-at-temperature.ts"
import type { TrainParams } from "../../stages/dynamics/train/train.ts"

/**
 * Core-seconds of a node on the machine of test/bench/RESULTS.md; undefined where a node of its stage is like any
 * other.
 */
export const costOf = (node: StageNode): number | undefined => {
  const params = node.params as unknown as TrainParams
  switch (node.stage.name) {
    case "train":
      return stepsOf(params, pointsOf(node)) * secondsOfStep(params.model, pointsOf(node))
    case "watch":
      return 2 * stepsOf(params, pointsOf(node)) * secondsOfStep(params.model, pointsOf(node))
    case "trainAtTemperature":
      return (
        batchesOf(node.params as unknown as TrainAtTemperatureParams, pointsOf(node)) *
        secondsOfStep(params.model, 2 * (node.params as unknown as TrainAtTemperatureParams).largestBatch)
      )
    case "linearize":
      return frozenSeconds(params, pointsOf(node, "train"), pointsOf(node, "test"))
    case "measure":
      return (
        2 *
          secondsOfKernel(
            params.model,
            (node.params as unknown as { readonly kernelPoints: number }).kernelPoints ** 2,
          ) +
        3 * secondsOfStep(params.model, pointsOf(node, "test"))
      )
    default:
      return undefined
  }
}

/** As the data node was asked for them. */
const pointsOf = (node: StageNode, input = "data"): number => {
  const { node: producer, name } = node.inputs[input] as Output
  const { n, nTest } = (producer as StageNode).params as unknown as { readonly n: number; readonly nTest: number }
  return name === "test" ? nTest : n
}

/**
 * Counted at n = 200 and 1,000, sqrt(h) alpha from 0.01 to 1e5, the quick bounds: 8 to 22 a point, more in the lazy
 * regime. Tighter bounds take more: 15 to 20 times as many for a hundredth (experiments with n = 200).
 */
const stepsOf = (
  { model, alpha, low, stop }: Pick<TrainParams, "model" | "alpha" | "low" | "stop">,
  n: number,
): number => {
  const scale = alpha * Math.sqrt("width" in model ? model.width : 1)
  const each = scale > 10 ? 22 : scale < 0.03 ? 12 : 8
  return Math.min(stop.steps, each * n * (0.01 / low) ** 0.62)
}

/**
 * At the largest step of the temperature, which trainings soon reach; model times of 130 and more were seen at alpha =
 * 1.
 */
const batchesOf = ({ temperature, largestBatch, stop }: TrainAtTemperatureParams, n: number): number => {
  const step = (temperature * largestBatch) / (1 - (Math.min(largestBatch, n - 1) - 1) / (n - 1))
  return Math.min(stop.steps, (200 * Math.max(1, n / 200)) / step)
}

/**
 * Of n points, forward and backward. Dense layers by the table of test/bench/RESULTS.md (lazy FC steps: 1.6, 8.5, 57
 * and
 * 502 ms at widths of 30, 100, 300 and 1,000); convolutions at 44 GFLOP/s, and a call of a tenth of a millisecond an
 * op.
 */
const secondsOfStep = (model: Architecture, n: number): number =>
  model.kind === "fc"
    ? 4e-4 + n * model.depth * (7.7e-9 * model.width + 9.3e-11 * model.width ** 2)
    : 5e-3 + (12 * n * productsOf(model)) / 44e9

/** Multiplications of one image going through. */
const productsOf = (model: Architecture): number => {
  if (model.kind === "cnn") return (169 * model.channels * model.width + 155 * model.width ** 2) * model.filter ** 2
  return model.kind === "wide-resnet" ? 5.2e9 * (model.widening / 10) ** 2 * ((model.depth - 4) / 24) : 0
}

/** Of so many pairs of points. */
const secondsOfKernel = (model: Architecture, pairs: number): number =>
  model.kind === "fc"
    ? 0.05 + (pairs * 4 * model.width * model.depth) / 20e9
    : 0.05 + (pairs * 2 * productsOf(model)) / 1e12 + Math.sqrt(pairs) * secondsOfStep(model, 1)

/** Both kernels, and steps of one product with the kernel each. */
const frozenSeconds = (params: TrainParams, n: number, nTest: number): number =>
  secondsOfKernel(params.model, n * (n + nTest)) + stepsOf({ ...params, alpha: 1e5 }, n) * n * n * 1.2e-9
