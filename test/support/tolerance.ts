// How close two roads to one number must come, by dtype. One table for all rooms: add a row, never a literal in a test.
import { expect } from "vitest"

interface Tolerance {
  /** One op on values of order one, against another implementation; relative to the largest value. */
  readonly op: number
  /** A gradient through one op, likewise. */
  readonly gradient: number
  /** A gradient through a whole net. */
  readonly net: number
  /** One element of an elementwise function, relative to itself. */
  readonly element: number
  /** A gradient against central differences of values of that dtype. */
  readonly differences: number
}

export const tolerance: Readonly<Record<"float32" | "float64", Tolerance>> = {
  float32: { op: 2e-6, gradient: 4e-6, net: 2e-5, element: 1e-6, differences: Infinity },
  float64: { op: 4e-15, gradient: 1e-14, net: 1e-13, element: 4e-15, differences: 1e-8 },
}

/** The largest difference, relative to the largest expected size (at least `floor`). */
const distance = (actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1): number => {
  expect(actual.length).toBe(expected.length)
  let worst = 0
  let size = floor
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue
    worst = Math.max(worst, Number.isNaN(actual[i]! - expected[i]!) ? Infinity : Math.abs(actual[i]! - expected[i]!))
    size = Math.max(size, Math.abs(expected[i]!))
  }
  return worst / size
}

/** Fails, naming `what`, when `actual` is further than `within` from `expected`. */
export const expectClose = (
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  within: number,
  floor = 1,
): void => {
  expect(distance(actual, expected, floor), what).toBeLessThanOrEqual(within)
}

/**
 * How close numbers must come that meet on longer roads; each row names the two roads. float64 unless it says
 * otherwise.
 */
export const agreement = {
  /** A mean of independent draws against its expectation, in standard errors of that mean: 1 in 2 million. */
  standardErrors: 5,
  /**
   * The share of means within Student's standard errors against its closed form: five digits for few values, a series
   * cut off for more.
   */
  student: 2e-4,
  /** The share of a thousand intervals of 95 % that hold the truth against 0.95: four times its own spread. */
  coverage: 0.028,
  /** Eigenvalues, relative to the largest; products of unit eigenvectors. */
  eigenvalue: 1e-12,
  /** |A v - value v| relative to the largest value: the values stand still to 1e-13, so that v is good to its root. */
  eigenvector: 3e-6,
  /** Second moments of whitened coordinates, summed over points, against the identity. */
  whitened: 1e-11,
  /** Layer-wise kernels against products of Jacobians, relative to the largest entry. */
  kernel: 1e-12,
  /** E[sigma^2] of a unit Gaussian against 1: the five digits of softplus' a = 1.40438 leave 4.8e-6. */
  meanSquare: 1e-5,
  /** Movement over time after the first steps against the gradient, before it turns. */
  firstSteps: 1e-5,
  /** Sixty steps of training against plain loops. */
  steps: 1e-9,
  /** The end of a training against plain loops. */
  run: 1e-7,
  /** The end of a training in float32 against float64, whose steps differ: 1e-2 measured. */
  float32Run: 5e-2,
  /** Carried differences in float32 against float64 on the same steps; 6e-6 measured. */
  carried: 5e-5,
  /** The same with steps of their own, whose sizes differ once one is undone on one road only. */
  ownSteps: 1e-2,
  /** Fifty steps in float32 by ONNX Runtime against TF.js. */
  float32Steps: 1e-3,
  /** A net trained at sqrt(h) alpha = 1e7 against its frozen kernel, whose steps differ: 4e-3 measured. */
  frozen: 1e-2,
  /** Gaussian expectations by 161 x 161 nodes against closed forms. */
  quadrature: 1e-10,
  /** A series of 128 Hermite polynomials against quadrature, through five layers. */
  series: 1e-6,
  /**
   * Softplus' kernel of infinite width by an even grid against sums in polar coordinates, whose steps leave 2e-7 at
   * five hidden layers.
   */
  softplusLimit: 1e-6,
  /** The power of the width with which nets approach their limit, against -1/2. */
  widthSlope: 0.15,
  /** The mean kernel of ten nets 1,600 wide against infinite width; 0.013 measured. */
  tenNets: 0.04,
  /** That of thirty nets 200 wide; 0.033 measured. */
  thirtyNets: 0.06,
  /** Well-conditioned systems by tiles against ml-matrix, one row after the other; relative to the largest entry. */
  solution: 1e-13,
  /** What a solved system leaves over, relative to n |A| |x|: rounding, however ill-conditioned; 2e-17 measured. */
  residual: 1e-16,
  /** Float32 weights after thirty steps against TF.js' own optimisers, whose Adam loses digits of 1 - 0.999^t. */
  ownOptimizer: 1e-5,
  /** Temperature, step and batch, each from the other two. */
  temperature: 1e-12,
  /** The covariance of 2,000 gradients of random batches against that of all points. */
  covariance: 0.05,
  /** Gradient flow against explicit mid-point steps of a thousandth. */
  explicit: 1e-6,
  /** Its slope by central differences over a ten-thousandth of the time, against its equation. */
  slope: 1e-6,
  /** erf against its series: of its value below 0.47, of 1 above. The reference itself rounds a few times. */
  erf: 2e-15,
  /** Training at a temperature of 1e-8 against training without one, whose steps differ: 7e-3 measured. */
  cold: 2e-2,
  /** A hundred steps in float32 against float64, on the same batches; 2e-6 measured. */
  descent: 1e-5,
} as const
