// The sequential part of a Cholesky factorisation: one block of a hundred rows or so, in plain loops along rows. Knows
// nothing about panels or the rest of the matrix.

/** A pivot that is not positive: the matrix is then not positive definite. */
export interface Pivot {
  readonly index: number
  readonly value: number
}

/**
 * Overwrites A (n, n) with the upper triangular U of U^T U = A. Reads only the upper triangle of A. Stops at the first
 * pivot that is not positive, and returns that pivot.
 */
export const factorInPlace = (a: Float64Array, n: number): Pivot | undefined => {
  for (let i = 0; i < n; i++) {
    const pivot = a[i * n + i]!
    if (!(pivot > 0)) return { index: i, value: pivot }
    const root = Math.sqrt(pivot)
    for (let k = i; k < n; k++) a[i * n + k]! /= root
    for (let j = i + 1; j < n; j++) subtract(a, j * n, a, i * n, a[i * n + j]!, j, n)
    a.fill(0, i * n, i * n + i)
  }
  return undefined
}

/** The inverse (n, n) of an upper triangle. */
export const inverted = (u: Float64Array, n: number): Float64Array => {
  const v = new Float64Array(n * n)
  for (let i = n - 1; i >= 0; i--) {
    v[i * n + i] = 1
    for (let k = i + 1; k < n; k++) subtract(v, i * n, v, k * n, u[i * n + k]!, k, n)
    for (let j = i; j < n; j++) v[i * n + j]! /= u[i * n + i]!
  }
  return v
}

/** Subtracts a multiple of the row at `j` from the row at `i`, from column `from` on. */
const subtract = (
  out: Float64Array,
  i: number,
  rows: Float64Array,
  j: number,
  scale: number,
  from: number,
  n: number,
): void => {
  for (let k = from; k < n; k++) out[i + k]! -= scale * rows[j + k]!
}
