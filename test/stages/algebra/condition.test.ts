// The estimated norm of an inverse against inverses known in closed form, where it finds it and where it has to climb.
import { expect, test } from "vitest"
import { inverseNorm } from "../../../stages/algebra/condition.ts"

/** A road to A^-1 b by a known inverse, which counts how often it is taken. */
const known = (inverse: ReadonlyArray<ReadonlyArray<number>>) => {
  let asked = 0
  return {
    solve: async (b: Float64Array) => {
      asked++
      return Float64Array.from(inverse, (row) => row.reduce((sum, entry, j) => sum + entry * b[j]!, 0))
    },
    asked: () => asked,
  }
}
const columnNorm = (matrix: ReadonlyArray<ReadonlyArray<number>>): number =>
  Math.max(...matrix.map((_, j) => matrix.reduce((sum, row) => sum + Math.abs(row[j]!), 0)))
const square = (n: number, entry: (i: number, j: number) => number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => entry(i, j)))

test("one equation has the inverse of its number", async () => {
  expect(await inverseNorm(1, known([[-0.25]]).solve)).toBe(0.25)
})

test("the largest column is found, where all entries are positive too", async () => {
  for (const inverse of [
    square(6, (i, j) => (i === j ? i + 1 : 0)),
    square(5, (i, j) => Math.min(i, j) + 1),
    square(9, (i, j) => (-1) ** (i + j) / (1 + Math.abs(i - j))),
  ]) {
    expect(await inverseNorm(inverse.length, known(inverse).solve)).toBeCloseTo(columnNorm(inverse), 12)
  }
})

test("it is never above the truth, above a third of it, and takes at most eleven solutions", async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const entry = (k: number): number => (Math.sin(seed * 12.9898 + k * 78.233) * 43758.5453) % 1
    const inverse = square(2 + (seed % 12), (i, j) => entry(Math.min(i, j) * 31 + Math.max(i, j)))
    const { solve, asked } = known(inverse)
    const share = (await inverseNorm(inverse.length, solve)) / columnNorm(inverse)
    expect(share).toBeLessThanOrEqual(1 + 1e-14)
    expect(share).toBeGreaterThan(1 / 3)
    expect(asked()).toBeLessThanOrEqual(11)
  }
})
