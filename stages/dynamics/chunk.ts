// Estimates how many steps one compiled call takes: as many as take about a second, so that progress can be reported.
// It is an estimate, since a stage has no clock. Knows nothing about the rule of the steps.
import type { Tensor, Tensors } from "../../pipeline/stage.ts"

/**
 * Assumes 2e10 multiplications and additions a second. A step takes 6 of them for each point of a batch and each use of
 * one of the weights in `packs`; a weight is used at most once a pixel. The optimiser's work on a weight takes as long
 * as 300 of them.
 */
export const stepsASecond = (batch: number, packs: Tensors, { shape }: Tensor): number => {
  const size = Object.values(packs).reduce((sum, { data }) => sum + data.length, 0)
  const pixels = shape.length === 4 ? shape[1]! * shape[2]! : 1
  return Math.min(1000, Math.ceil(2e10 / (size * (6 * batch * pixels + 300))))
}
