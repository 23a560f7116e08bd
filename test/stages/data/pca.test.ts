// Principal components of a dozen small images, against all eigenpairs of a covariance summed in plain loops.
import { expect, test } from "vitest"
import { symmetricEigen } from "../../../stages/algebra/eigen.ts"
import { fitPca, meanOf, project, type Images } from "../../../stages/data/pca.ts"
import { stream } from "../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"

const [size, count, dimension] = [9, 14, 3]
const { uniform } = stream(1, "images")
// Brighter towards the last pixel, so that the mean matters.
const byte = (_: unknown, at: number): number => Math.floor(uniform() * (60 + 20 * (at % size)))
const pixels = [Uint8Array.from({ length: 10 * size }, byte), Uint8Array.from({ length: 6 * size }, byte)]
// Out of order, and from both parts of the pool: row 10 is the first of the second part.
const images: Images = { pixels, size, rows: Int32Array.of(3, 12, 0, 15, 7, 10, 1, 14, 5, 9, 2, 11, 8, 4) }

const bytes = [...pixels[0]!, ...pixels[1]!]
const raw = Array.from(images.rows, (row) => bytes.slice(row * size, (row + 1) * size).map((value) => value / 255))
const meanRow = (rows: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> =>
  Array.from({ length: size }, (_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length)
const less = (rows: ReadonlyArray<ReadonlyArray<number>>, mean: ReadonlyArray<number>) =>
  rows.map((row) => row.map((value, k) => value - mean[k]!))
const centred = less(raw, meanRow(raw))
const scaled = centred.map((row) =>
  row.map((value) => value * Math.sqrt(size / row.reduce((sum, each) => sum + each * each, 0))),
)
const centre = meanRow(scaled)
const covariance = Float64Array.from(
  { length: size * size },
  (_, ij) => less(scaled, centre).reduce((sum, row) => sum + row[Math.floor(ij / size)]! * row[ij % size]!, 0) / count,
)

test("the mean image is the mean of the rows, wherever in the pool they lie", () => {
  expectClose("mean", meanOf(images), meanRow(raw), tolerance.float64.op)
})

test("the components are the leading eigenvectors of the covariance", async () => {
  const pca = await fitPca(images, meanOf(images), dimension, () => {})
  const { values, vectors } = symmetricEigen(covariance, size)
  expectClose("centre", pca.centre, centre, agreement.eigenvalue)
  expectClose("variances", pca.variances, values.subarray(0, dimension), agreement.eigenvalue)
  for (let j = 0; j < dimension; j++) {
    const [ours, theirs] = [pca.components, vectors].map((rows) => rows.subarray(j * size, (j + 1) * size))
    const sign = Math.sign(ours!.reduce((sum, value, k) => sum + value * theirs![k]!, 0))
    expectClose(
      `component ${j}`,
      ours!,
      theirs!.map((value) => sign * value),
      agreement.eigenvalue,
    )
  }
})

test("coordinates are products with the components, each over the root of its variance", async () => {
  const mean = meanOf(images)
  const pca = await fitPca(images, mean, dimension, () => {})
  const expected = less(scaled, centre).flatMap((row) =>
    Array.from(
      { length: dimension },
      (_, j) =>
        row.reduce((sum, value, k) => sum + value * pca.components[j * size + k]!, 0) / Math.sqrt(pca.variances[j]!),
    ),
  )
  expectClose("coordinates", project(images, mean, pca), expected, agreement.eigenvalue)
})

test("progress goes from nothing upwards and stays below one", async () => {
  const seen: Array<number> = []
  const many = { ...images, rows: Int32Array.from({ length: 5000 }, (_, i) => i % 16) }
  await fitPca(many, meanOf(many), dimension, (fraction) => seen.push(fraction))
  expect(seen.length).toBe(3)
  expect(seen[0]).toBe(0)
  expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  expect(seen.at(-1)).toBeLessThan(1)
})

test("the sum over chunks does not depend on where the chunks end", async () => {
  const mean = meanOf(images)
  const whole = await fitPca(
    { ...images, rows: Int32Array.from({ length: 3 * 2048 }, (_, i) => i % 16) },
    mean,
    dimension,
    () => {},
  )
  const once = await fitPca(
    { ...images, rows: Int32Array.from({ length: 16 }, (_, i) => i) },
    mean,
    dimension,
    () => {},
  )
  expectClose("variances", whole.variances, once.variances, agreement.eigenvalue)
})
