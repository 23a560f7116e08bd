// Eigenpairs of symmetric matrices: all pairs of a small matrix, or the leading pairs of a large positive matrix. The
// leading pairs come from subspace iteration, closed by a Rayleigh-Ritz step in the subspace; the only large work is
// the products with the matrix. Knows nothing about how those products are computed.
import { EigenvalueDecomposition, Matrix } from "ml-matrix"
import { stream } from "../random.ts"

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array
  /** (count, size): one eigenvector a row. Each has length 1, and its largest entry is positive. */
  readonly vectors: Float64Array
}

/** Q (p, size) -> Q C (p, size), for a symmetric C (size, size). */
export type Product = (rows: Float64Array) => Promise<Float64Array>

/**
 * The `count` leading eigenpairs. The error shrinks by (value[p] / value[count - 1])^2 an iteration, where p is count +
 * 8, at most size. Stops when the values change by less than 1e-13 of the largest value, or after 1000 iterations.
 */
export const leadingEigen = async (product: Product, size: number, count: number): Promise<Eigen> => {
  const p = Math.min(size, count + 8)
  const draw = stream(0, "subspace") // any start will do; a fixed start makes the result a function of the matrix
  let q = orthonormal(Float64Array.from({ length: p * size }, draw.normal), p, size)
  let before: Float64Array = new Float64Array(p)
  for (let iteration = 0; ; iteration++) {
    const image = await product(q)
    const ritz = symmetricEigen(gram(q, image, p, size), p)
    const rotated = rotate(ritz.vectors, q, p, size)
    const moved = ritz.values.reduce(
      (most, value, i) => (i < count ? Math.max(most, Math.abs(value - before[i]!)) : most),
      0,
    )
    if (moved <= 1e-13 * ritz.values[0]! || iteration === 1000 || p === size) {
      return { values: ritz.values.slice(0, count), vectors: positive(rotated.slice(0, count * size), count, size) }
    }
    before = ritz.values
    q = orthonormal(rotate(ritz.vectors, image, p, size), p, size)
  }
}

/** (p, p): the products of the rows of a with the rows of b, symmetrised. */
const gram = (a: Float64Array, b: Float64Array, p: number, size: number): Float64Array => {
  const product = Float64Array.from({ length: p * p }, (_, ij) =>
    dot(a, Math.floor(ij / p) * size, b, (ij % p) * size, size),
  )
  return product.map((value, ij) => (value + product[(ij % p) * p + Math.floor(ij / p)]!) / 2)
}

const dot = (a: Float64Array, i: number, b: Float64Array, j: number, size: number): number => {
  let sum = 0
  for (let k = 0; k < size; k++) sum += a[i + k]! * b[j + k]!
  return sum
}

/** The rows of `rows` in the directions of `vectors`: (p, p) times (p, size). */
const rotate = (vectors: Float64Array, rows: Float64Array, p: number, size: number): Float64Array => {
  const out = new Float64Array(p * size)
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) addTo(out, i * size, rows, j * size, vectors[i * p + j]!, size)
  return out
}

const addTo = (out: Float64Array, i: number, rows: Float64Array, j: number, scale: number, size: number): void => {
  for (let k = 0; k < size; k++) out[i + k]! += scale * rows[j + k]!
}

/**
 * Gram-Schmidt, applied twice: two passes are enough for orthogonality up to rounding (Kahan and Parlett). A row that
 * is a combination of the rows before it, as in a matrix of low rank, becomes zero.
 */
const orthonormal = (rows: Float64Array, p: number, size: number): Float64Array => {
  for (let i = 0; i < p; i++) {
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++)
        addTo(rows, i * size, rows, j * size, -dot(rows, i * size, rows, j * size, size), size)
    const norm = Math.sqrt(dot(rows, i * size, rows, i * size, size)) || 1
    for (let k = 0; k < size; k++) rows[i * size + k]! /= norm
  }
  return rows
}

const positive = (vectors: Float64Array, count: number, size: number): Float64Array => {
  for (let i = 0; i < count; i++) {
    const row = vectors.subarray(i * size, (i + 1) * size)
    const largest = row.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    if (largest < 0) for (let k = 0; k < size; k++) row[k]! *= -1
  }
  return vectors
}

/** All eigenpairs of a symmetric matrix (n, n). Values descend; vectors are rows of length 1, of either sign. */
export const symmetricEigen = (matrix: Float64Array, n: number): Eigen => {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix), {
    assumeSymmetric: true,
  })
  // ml-matrix gives ascending values, and vectors as columns.
  const values = Float64Array.from(realEigenvalues).reverse()
  return {
    values,
    vectors: Float64Array.from({ length: n * n }, (_, ij) => eigenvectorMatrix.get(ij % n, n - 1 - Math.floor(ij / n))),
  }
}
