// Estimates how long the parts of a training take, from the shape of the net and the number of points. No stage imports
// this file, so the estimates are in no key. Seconds are of one core of the machine of test/bench/RESULTS.md. Knows
// nothing about the schedule or the store.
import type { Architecture } from "./architecture.ts"

/**
 * The cost of a stage in core-seconds, from its params. `pointsOf` gives the number of points of the input of a name.
 */
export type Cost<P> = (params: P, pointsOf: (input: string) => number) => number

/**
 * One step on n points, forward and backward. Dense layers use the table of test/bench/RESULTS.md: lazy FC steps take
 * 1.6, 8.5, 57 and 502 ms at widths of 30, 100, 300 and 1,000. Convolutions run at 44 GFLOP/s, and each call of an op
 * takes a tenth of a millisecond.
 */
export const secondsOfStep = (model: Architecture, n: number): number =>
  model.kind === "fc"
    ? 4e-4 + n * model.depth * (7.7e-9 * model.width + 9.3e-11 * model.width ** 2)
    : 5e-3 + (12 * n * productsOf(model)) / 44e9

/** A tangent kernel of this many pairs of points. */
export const secondsOfKernel = (model: Architecture, pairs: number): number =>
  model.kind === "fc"
    ? 0.05 + (pairs * 4 * model.width * model.depth) / 20e9
    : 0.05 + (pairs * 2 * productsOf(model)) / 1e12 + Math.sqrt(pairs) * secondsOfStep(model, 1)

/** The multiplications of one forward pass of one image. */
const productsOf = (model: Architecture): number => {
  if (model.kind === "cnn") return (169 * model.channels * model.width + 155 * model.width ** 2) * model.filter ** 2
  return model.kind === "wide-resnet" ? 5.2e9 * (model.widening / 10) ** 2 * ((model.depth - 4) / 24) : 0
}
