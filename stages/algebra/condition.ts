// How much may a symmetric system magnify errors? Estimates the 1-norm of the inverse from a few solutions. Knows
// nothing about how a solution is computed.
// Source: Hager 1984 in the form of Higham 1988, which LAPACK uses: the estimate is never too large, and seldom below a
// third of the true value.

const sizeOf = (x: Float64Array): number => x.reduce((sum, value) => sum + Math.abs(value), 0)
const signsOf = (x: Float64Array): Float64Array => x.map((value) => (value < 0 ? -1 : 1))
const largest = (x: Float64Array): number =>
  x.reduce((best, value, i) => (Math.abs(value) > Math.abs(x[best]!) ? i : best), 0)

/** The largest sum of absolute values in a column of A^-1. `solve` gives A^-1 b for a symmetric A (n, n). */
export const inverseNorm = async (n: number, solve: (b: Float64Array) => Promise<Float64Array>): Promise<number> => {
  const first = await solve(new Float64Array(n).fill(1 / n))
  let estimate = sizeOf(first)
  let signs = signsOf(first)
  let slopes = await solve(signs) // the gradient of the 1-norm of A^-1 x by x; A is its own transpose
  // The search climbs from column to column; three columns are almost always enough.
  for (let climbed = 0, column = largest(slopes); climbed < 4; climbed++) {
    const y = await solve(new Float64Array(n).fill(1, column, column + 1))
    const grown = sizeOf(y) > estimate
    estimate = Math.max(estimate, sizeOf(y))
    const before = signs
    signs = signsOf(y)
    if (!grown || signs.every((sign, i) => sign === before[i])) break
    slopes = await solve(signs)
    const next = largest(slopes)
    if (Math.abs(slopes[next]!) === Math.abs(slopes[column]!)) break
    column = next
  }
  // In every step above, large entries can cancel. With these alternating signs the same entries do not cancel.
  const alternating = await solve(
    Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(1, n - 1))),
  )
  return Math.max(estimate, (2 * sizeOf(alternating)) / (3 * n))
}
