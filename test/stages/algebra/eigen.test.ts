// Eigenpairs: all of a matrix against known pairs, the leading ones by subspace iteration against all.
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { symmetricEigen, leadingEigen, type Product } from "../../../stages/algebra/eigen.ts"
import { stream } from "../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"

/** The product with a matrix, by the definition. */
const productOf =
  (matrix: Float64Array, size: number): Product =>
  async (rows) =>
    Float64Array.from(rows, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size]
      let sum = 0
      for (let k = 0; k < size; k++) sum += rows[i * size + k]! * matrix[k * size + j]!
      return sum
    })

/** G^T G of a random G (rank, size): symmetric, positive, of that rank. */
const positive = (seed: number, size: number, rank: number): Float64Array => {
  const g = Float64Array.from({ length: rank * size }, stream(seed, "matrix").normal)
  return Float64Array.from({ length: size * size }, (_, ij) => {
    let sum = 0
    for (let k = 0; k < rank; k++) sum += g[k * size + Math.floor(ij / size)]! * g[k * size + (ij % size)]!
    return sum
  })
}

/** |A v - value v| for each row v, and the rows' products with each other less the identity. */
const faults = (
  matrix: Float64Array,
  size: number,
  values: Float64Array,
  vectors: Float64Array,
): { readonly residual: Float64Array; readonly gram: Float64Array } => {
  const residual = Float64Array.from({ length: values.length * size }, (_, at) => {
    const [v, i] = [Math.floor(at / size), at % size]
    let sum = -values[v]! * vectors[at]!
    for (let k = 0; k < size; k++) sum += matrix[i * size + k]! * vectors[v * size + k]!
    return sum
  })
  const gram = Float64Array.from({ length: values.length ** 2 }, (_, at) => {
    const [a, b] = [Math.floor(at / values.length), at % values.length]
    let sum = a === b ? -1 : 0
    for (let k = 0; k < size; k++) sum += vectors[a * size + k]! * vectors[b * size + k]!
    return sum
  })
  return { residual, gram }
}

// [[2, 1], [1, 2]] has 3 along (1, 1) and 1 along (1, -1).
test("the pairs of a matrix one can do by hand are found", () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
  expectClose("values", values, [3, 1], tolerance.float64.op)
  expectClose(
    "vectors",
    vectors.map(Math.abs),
    [1, 1, 1, 1].map((entry) => entry / Math.SQRT2),
    tolerance.float64.op,
  )
  expect(vectors[0]! * vectors[1]!).toBeGreaterThan(0)
  expect(vectors[2]! * vectors[3]!).toBeLessThan(0)
})

// The matrix of second differences of size n has 2 - 2 cos(k pi / (n + 1)), k = 1 … n.
test("so are the eigenvalues of the second difference, and the negative ones of its opposite", () => {
  const n = 12
  const matrix = Float64Array.from({ length: n * n }, (_, ij) => [2, -1][Math.abs(Math.floor(ij / n) - (ij % n))] ?? 0)
  const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))
  expectClose(
    "values",
    symmetricEigen(matrix, n).values,
    [...expected].sort((a, b) => b - a),
    agreement.eigenvalue,
  )
  expectClose(
    "opposite",
    symmetricEigen(
      matrix.map((entry) => -entry),
      n,
    ).values,
    expected.map((value) => -value).sort((a, b) => b - a),
    agreement.eigenvalue,
  )
})

test("a diagonal matrix has its entries, in descending order", () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(1, 0, 0, 0, 3, 0, 0, 0, 2), 3)
  expect(values).toEqual(Float64Array.of(3, 2, 1))
  expect(vectors).toEqual(Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0))
})

test("all pairs of a random matrix are pairs of it, and orthonormal", () => {
  for (const [size, rank] of [
    [1, 1],
    [40, 60],
    [70, 20],
  ] as const) {
    const matrix = positive(8, size, rank)
    const { values, vectors } = symmetricEigen(matrix, size)
    const { residual, gram } = faults(matrix, size, values, vectors)
    expectClose(
      "residual",
      residual.map((entry) => entry / values[0]!),
      new Float64Array(residual.length),
      agreement.eigenvalue,
    )
    expectClose("orthonormal", gram, new Float64Array(gram.length), agreement.eigenvalue)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
  }
})

test("subspace iteration finds the same on random positive matrices, also those of low rank", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1000),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 5 }),
      async (seed, size, rank, asked) => {
        const count = Math.min(asked, size, rank)
        const matrix = positive(seed, size, rank)
        const expected = symmetricEigen(matrix, size).values
        const { values, vectors } = await leadingEigen(productOf(matrix, size), size, count)
        const { residual, gram } = faults(matrix, size, values, vectors)
        expectClose("values", values, expected.subarray(0, count), agreement.eigenvalue)
        expectClose("orthonormal", gram, new Float64Array(gram.length), agreement.eigenvalue)
        expectClose(
          "residual",
          residual.map((entry) => entry / expected[0]!),
          new Float64Array(residual.length),
          agreement.eigenvector,
        )
      },
    ),
    { seed: 1, numRuns: 60 },
  )
})

test("vectors are rows of length 1 whose largest entry is positive, whatever the sign of the start", async () => {
  const matrix = positive(5, 30, 60)
  const { vectors } = await leadingEigen(productOf(matrix, 30), 30, 4)
  for (let i = 0; i < 4; i++) {
    const row = Array.from(vectors.subarray(30 * i, 30 * (i + 1)))
    expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)))
  }
})

test("where eigenvalues are equal, the vectors span their space", async () => {
  // diag(5, 5, 2, 1, …, 1): the first two vectors are any basis of the first two axes.
  const size = 30
  const diagonal = Float64Array.from({ length: size }, (_, i) => [5, 5, 2][i] ?? 1)
  const matrix = Float64Array.from({ length: size * size }, (_, ij) =>
    ij % (size + 1) === 0 ? diagonal[ij % size]! : 0,
  )
  const { values, vectors } = await leadingEigen(productOf(matrix, size), size, 3)
  expectClose("values", values, [5, 5, 2], agreement.eigenvalue)
  const { residual, gram } = faults(matrix, size, values, vectors)
  expectClose("residual", residual, new Float64Array(residual.length), agreement.eigenvector)
  expectClose("orthonormal", gram, new Float64Array(gram.length), agreement.eigenvalue)
})

test("a matrix whose rank is below the subspace's size gives its pairs, and zeros after them", async () => {
  const size = 30
  const matrix = Float64Array.from({ length: size * size }, (_, ij) => (ij === 0 ? 4 : ij === size + 1 ? 1 : 0))
  const { values, vectors } = await leadingEigen(productOf(matrix, size), size, 3)
  expectClose("values", values, [4, 1, 0], agreement.eigenvalue)
  expectClose(
    "first",
    vectors.subarray(0, size),
    matrix.subarray(0, size).map((entry) => entry / 4),
    agreement.eigenvector,
  )
})

test("the same matrix gives the same bits", async () => {
  const matrix = positive(6, 40, 80)
  expect(await leadingEigen(productOf(matrix, 40), 40, 3)).toEqual(await leadingEigen(productOf(matrix, 40), 40, 3))
})
