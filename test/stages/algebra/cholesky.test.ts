// Systems of one tile and of several: against ml-matrix, by what they leave over, and against inverses known exactly.
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from "ml-matrix"
import { expect, test } from "vitest"
import { StageError } from "../../../pipeline/stage.ts"
import { type Solution, solve } from "../../../stages/algebra/cholesky.ts"
import { stream } from "../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"

const square = (n: number, entry: (i: number, j: number) => number) => ({
  shape: [n, n],
  data: Float64Array.from({ length: n * n }, (_, ij) => entry(Math.floor(ij / n), ij % n)),
})
const columns = (n: number, m: number) => ({
  shape: [n, m],
  data: Float64Array.from({ length: n * m }, stream(n, "right").normal),
})
/** A Gaussian kernel on a line; the closer the points, the worse its condition. */
const kernel = (n: number, width: number) => square(n, (i, j) => Math.exp(-(((i - j) / width) ** 2)))
const plain = ({ shape, data }: { readonly shape: ReadonlyArray<number>; readonly data: ArrayLike<number> }) =>
  Matrix.from1DArray(shape[0]!, shape[1]!, data)

// One row, less than a tile, a tile, one more, several and a part, past the first height of panels.
for (const n of [1, 5, 128, 129, 300, 700]) {
  test(`${n} equations are solved as by ml-matrix`, async () => {
    const [matrix, right, ridge] = [kernel(n, 3), columns(n, 4), 0.1]
    const { solution } = await solve({ matrix, right, ridge })
    const expected = new CholeskyDecomposition(plain(matrix).add(Matrix.eye(n, n, ridge))).solve(plain(right))
    expect(solution.shape).toEqual([n, 4])
    expectClose("solution", solution.data, expected.to1DArray(), agreement.solution)
  })
}

test("a diagonal matrix divides by its diagonal", async () => {
  const { solution, conditionNumber } = await solve({
    matrix: square(200, (i, j) => (i === j ? 1 + i : 0)),
    right: square(200, (i, j) => (i === j ? 1 : 0)),
    ridge: 0,
  })
  expectClose("inverse", solution.data, square(200, (i, j) => (i === j ? 1 / (1 + i) : 0)).data, tolerance.float64.op)
  expectClose("condition", [conditionNumber / 200], [1], tolerance.float64.op)
})

/** |A x - b| over |A| |x|, the largest of each column: what a backward stable method leaves is rounding. */
const left = ({ matrix, right, ridge }: Parameters<typeof solve>[0], { solution }: Solution): number => {
  const a = plain(matrix).add(Matrix.eye(matrix.shape[0]!, matrix.shape[0]!, ridge))
  const x = plain(solution)
  return Matrix.sub(a.mmul(x), plain(right)).abs().max() / (a.norm("max") * x.abs().max() * matrix.shape[0]!)
}

test("ill-conditioned systems leave nothing over but rounding", async () => {
  for (const [width, ridge] of [
    [3, 0],
    [30, 1e-8],
    [300, 1e-12],
  ] as const) {
    const system = { matrix: kernel(400, width), right: columns(400, 2), ridge }
    expect(left(system, await solve(system)), `width ${width}`).toBeLessThanOrEqual(agreement.residual)
  }
})

const norm = (of: Matrix): number => Math.max(...of.clone().abs().sum("column"))

const choose = (n: number, k: number): number =>
  Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1)
/** The 1-norm of the inverse of Hilbert's matrix, whose entries are whole numbers (Choi 1983). */
const inverseHilbert = (n: number): number =>
  Math.max(
    ...Array.from({ length: n }, (_, i) =>
      Array.from(
        { length: n },
        (__, j) => (i + j + 1) * choose(n + i, n - j - 1) * choose(n + j, n - i - 1) * choose(i + j, i) ** 2,
      ).reduce((a, b) => a + b),
    ),
  )

test("the condition number of Hilbert's matrices is found", async () => {
  // the column of 10^5 times 630, 12600, 56700, 88200 and 44100 and its like
  expect(inverseHilbert(5)).toBeCloseTo(413280, 6)
  for (const n of [2, 4, 6, 8, 10]) {
    const hilbert = square(n, (i, j) => 1 / (i + j + 1))
    const { conditionNumber } = await solve({ matrix: hilbert, right: columns(n, 1), ridge: 0 })
    const ratio = conditionNumber / (norm(plain(hilbert)) * inverseHilbert(n))
    expect(ratio, `n = ${n}`).toBeGreaterThan(1 / 3)
    expect(ratio, `n = ${n}`).toBeLessThan(3)
  }
})

test("so is that of kernels of several tiles, with the ridge they are solved with", async () => {
  for (const [width, ridge] of [
    [2, 0],
    [20, 1e-6],
    [100, 1e-9],
  ] as const) {
    const matrix = kernel(300, width)
    const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(
      plain(matrix).add(Matrix.eye(300, 300, ridge)),
      { assumeSymmetric: true },
    )
    const inverse = v.mmul(Matrix.diag(Array.from(realEigenvalues, (value) => 1 / value))).mmul(v.transpose())
    const { conditionNumber } = await solve({ matrix, right: columns(300, 1), ridge })
    const ratio = conditionNumber / (norm(inverse) * norm(plain(matrix).add(Matrix.eye(300, 300, ridge))))
    expect(ratio, `width ${width}`).toBeGreaterThan(1 / 3)
    expect(ratio, `width ${width}`).toBeLessThan(3)
  }
})

test("a matrix that is not positive definite is refused, naming its size, its ridge, and the pivot", async () => {
  const refused = await solve({
    matrix: square(200, (i, j) => (i === j ? (i === 150 ? -2 : 1) : 0)),
    right: columns(200, 1),
    ridge: 0.5,
  }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StageError)
  expect(refused).toMatchObject({
    reason: "InvalidInput",
    message:
      "The matrix of 200 x 200 with a ridge of 0.5 is not positive definite: its pivot 150 (from 0) is -1.5; " +
      "add a ridge of at least 2.0.",
  })
})

test("a matrix of low rank is refused, and solved with the ridge that is asked for", async () => {
  // Rank 1, and at pivot 1 nothing is left.
  const matrix = square(300, (i, j) => Math.sin(i + 1) * Math.sin(j + 1))
  const { message } = (await solve({ matrix, right: columns(300, 1), ridge: 0 }).catch(
    (error: StageError) => error,
  )) as StageError
  const ridge = Number(/at least (.*)\.$/.exec(message)![1])
  expect(ridge).toBeLessThan(1e-12)
  expect((await solve({ matrix, right: columns(300, 1), ridge })).conditionNumber).toBeGreaterThan(1e12)
})

test("a matrix that is not of numbers is told so", async () => {
  const refused = await solve({
    matrix: square(5, (i, j) => (i === 3 && j === 3 ? Number.NaN : Number(i === j))),
    right: columns(5, 1),
    ridge: 0,
  }).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    reason: "InvalidInput",
    message: expect.stringMatching(/pivot 3 \(from 0\) is NaN\. Some of its entries are not finite/),
  })
})

test("only the upper triangle is read, in float32 too, and nothing is written", async () => {
  const matrix = { shape: [2, 2], data: Float32Array.of(4, 2, 77, 3) }
  const right = { shape: [2, 1], data: Float32Array.of(2, 5) }
  const { solution } = await solve({ matrix, right, ridge: 0 })
  // 4 x + 2 y = 2, 2 x + 3 y = 5.
  expectClose("solution", solution.data, [-0.5, 2], tolerance.float64.op)
  expect([matrix.data, right.data]).toEqual([Float32Array.of(4, 2, 77, 3), Float32Array.of(2, 5)])
})

test("the same system gives the same bits", async () => {
  const system = { matrix: kernel(300, 4), right: columns(300, 2), ridge: 0.01 }
  expect(await solve(system)).toEqual(await solve(system))
})
