// How wrong is a classifier? Plain functions of its outputs and the labels +1 and -1.

/** The fraction of points on the wrong side of zero; a tie is wrong. Source: Geiger et al. 2019, its program. */
export const testError = (outputs: ArrayLike<number>, y: ArrayLike<number>): number => {
  let wrong = 0
  for (let i = 0; i < y.length; i++) if (outputs[i]! * y[i]! <= 0) wrong++
  return wrong / y.length
}
