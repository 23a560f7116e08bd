// How wrong is a classifier? A plain function of its outputs and of what they should be.
import type { Tensor } from "../../pipeline/stage.ts"

/**
 * The fraction of points that are wrong. One output a point, y (n) of +1 and -1: on the wrong side of zero, or at it
 * (Geiger et al. 2019, its program). Several, (n, classes): the largest is not that of the class, which y says by its
 * number (n) or by its own largest (n, classes).
 */
export const testError = (outputs: ArrayLike<number>, { shape, data: y }: Tensor): number => {
  const n = shape[0]!
  const classes = outputs.length / n
  const right = (i: number): boolean => {
    if (classes === 1) return outputs[i]! * y[i]! > 0
    return largest(outputs, i * classes, classes) === (shape.length === 1 ? y[i] : largest(y, i * classes, classes))
  }
  let wrong = 0
  for (let i = 0; i < n; i++) if (!right(i)) wrong++
  return wrong / n
}

/** Where the largest of `count` numbers from `from` on is, counted from there. */
const largest = (numbers: ArrayLike<number>, from: number, count: number): number => {
  let best = 0
  for (let k = 1; k < count; k++) if (numbers[from + k]! > numbers[from + best]!) best = k
  return best
}
