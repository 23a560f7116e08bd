// Gradient flow of the square loss with a frozen kernel, in closed form at any time: F' = -K (F - y) / n from F = 0,
// solved along the eigenvectors of K. The loss is half the mean of (F - y)^2. Knows nothing about nets.
// Source: Jacot et al. 2018, section 5; on test points, K_* K^-1 (I - e^(-K t / n)) y, Lee et al. 2019, section 2.2.
import { Matrix } from "ml-matrix"
import { StageError, type Tensor } from "../../../pipeline/stage.ts"
import { symmetricEigen } from "../../algebra/eigen.ts"

export interface Frozen {
  /** (n, n): the kernel between training points. */
  readonly kernel: Tensor
  /** (m, n): the kernel between test points and training points. */
  readonly across: Tensor
  /** (n) or (n, outputs). */
  readonly y: Tensor
}

export interface Outputs {
  /** The same shape as y. */
  readonly train: Tensor
  /** (m) or (m, outputs). */
  readonly test: Tensor
}

/**
 * The outputs as a function of time, Infinity included. Takes n^3 operations once, and n^2 for every time. Components
 * of y along eigenvectors with eigenvalue zero, up to rounding, are never learnt on the training points. Throws a
 * StageError if the kernel has a negative eigenvalue.
 */
export const closedFlow = ({ kernel, across, y }: Frozen): ((t: number) => Outputs) => {
  const n = y.shape[0]!
  const { values, vectors } = symmetricEigen(Float64Array.from(kernel.data), n)
  const rounding = n * Number.EPSILON * values[0]!
  if (values[n - 1]! < -rounding)
    throw new StageError({
      reason: "InvalidInput",
      message: `the kernel has the eigenvalue ${values[n - 1]}: it is not positive, so outputs would grow forever`,
    })
  const seen = Array.from(values, (value) => (Math.abs(value) <= rounding ? 0 : value))
  const along = matrixOf({ shape: [n, n], data: vectors })
  const components = along.mmul(matrixOf(y))
  const back = along.transpose()
  const onto = matrixOf(across).mmul(back)
  return (t) => {
    const paced = components.clone().mulColumnVector(seen.map((value) => paceAt(t / n, value, rounding)))
    const learnt = paced.clone().mulColumnVector(seen)
    return { train: tensorOf(back.mmul(learnt), y), test: tensorOf(onto.mmul(paced), y) }
  }
}

/**
 * (1 - e^(-value s)) / value, and s if the value is 0. An eigenvalue that was rounded to 0 may be as large as
 * `rounding`. Once s * rounding reaches 1, the factor s would only amplify rounding errors, so the result is then 0.
 */
const paceAt = (s: number, value: number, rounding: number): number => {
  if (value === 0) return s * rounding < 1 ? s : 0
  return -Math.expm1(-value * s) / value
}

const matrixOf = ({ shape, data }: Tensor): Matrix => Matrix.from1DArray(shape[0]!, shape[1] ?? 1, data)
const tensorOf = (matrix: Matrix, like: Tensor): Tensor => ({
  shape: [matrix.rows, ...like.shape.slice(1)],
  data: Float64Array.from(matrix.to1DArray()),
})
