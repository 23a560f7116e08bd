// How many steps does one compiled call take? As many as take about a second, so that there is progress to tell of; a
// stage has no clock, so it is an estimate.
import type { Tensor } from "../../pipeline/stage.ts"

/**
 * At 2e10 multiplications and additions a second: 6 for each point of a batch and each use of one of `size` weights,
 * which is used at most once a pixel; what an optimiser does to a weight takes as long as 300 of them.
 */
export const stepsASecond = (batch: number, size: number, { shape }: Tensor): number => {
  const pixels = shape.length === 4 ? shape[1]! * shape[2]! : 1
  return Math.min(1000, Math.ceil(2e10 / (size * (6 * batch * pixels + 300))))
}
