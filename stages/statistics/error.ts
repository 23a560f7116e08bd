// How wrong is a classifier? A plain function of the outputs and the labels. Knows nothing about nets.
import type { Tensor } from "../../pipeline/stage.ts"

/**
 * The fraction of points that are wrong. With one output a point, y (n) is +1 or -1, and a point is wrong if the output
 * has the wrong sign or is zero (Geiger et al. 2019, its program). With several outputs, (n, classes), a point is wrong
 * if the largest output is not at its class. y gives the class as a class number (n), or as the place of the largest
 * entry (n, classes).
 */
export const testError = (outputs: ArrayLike<number>, y: Tensor): number => {
  const wrong = wrongPoints(outputs, y)
  return wrong.reduce((sum, each) => sum + each, 0) / wrong.length
}

/** For each point 1 if it is wrong, else 0. */
export const wrongPoints = (outputs: ArrayLike<number>, { shape, data: y }: Tensor): Uint8Array => {
  const n = shape[0]!
  const classes = outputs.length / n
  const right = (i: number): boolean => {
    if (classes === 1) return outputs[i]! * y[i]! > 0
    return largest(outputs, i * classes, classes) === (shape.length === 1 ? y[i] : largest(y, i * classes, classes))
  }
  return Uint8Array.from({ length: n }, (_, i) => (right(i) ? 0 : 1))
}

/** The place of the largest of `count` numbers that start at `from`, counted from there. */
const largest = (numbers: ArrayLike<number>, from: number, count: number): number => {
  let best = 0
  for (let k = 1; k < count; k++) if (numbers[from + k]! > numbers[from + best]!) best = k
  return best
}
