// Temperature, step and batch: their algebra, and what a batch drawn by either rule does to a gradient.
import { describe, expect, test } from "vitest"
import {
  batchSize,
  fromAll,
  fromUnsatisfied,
  largestStep,
  temperature,
} from "../../../../stages/dynamics/temperature/temperature.ts"
import { stream } from "../../../../stages/random.ts"
import { agreement, expectClose } from "../../../support/tolerance.ts"

describe("the algebra", () => {
  const grid = [2, 10, 5000].flatMap((n) =>
    [1, 1.5, 2, 0.3 * n, 0.9 * n]
      .filter((b) => b >= 1 && b < n)
      .flatMap((b) => [1e-50, 3e-4, 1, 1e6].map((dt) => ({ n, b, dt }))),
  )

  test("the batch of a temperature has that temperature", () => {
    for (const { n, b, dt } of grid)
      expectClose(`n = ${n}, dt = ${dt}`, [batchSize(temperature(dt, b, n), dt, n) / b], [1], agreement.temperature)
  })

  test("the temperature of the batch of a temperature is that temperature", () => {
    for (const { n, dt } of grid)
      for (const T of [0.001 * dt, 0.5 * dt, dt])
        expectClose(`n = ${n}, dt = ${dt}`, [temperature(dt, batchSize(T, dt, n), n) / T], [1], agreement.temperature)
  })

  test("all points are no temperature, one point is a temperature of dt", () => {
    expect([temperature(0.3, 40, 40), temperature(0.3, 1, 40)]).toEqual([0, 0.3])
    expect([batchSize(0, 0.3, 40), batchSize(0.3, 0.3, 40)]).toEqual([40, 1])
  })

  test("the largest step has the largest batch, and none where that is all points", () => {
    expectClose("batch", [batchSize(3e-4, largestStep(3e-4, 64, 5000), 5000) / 64], [1], agreement.temperature)
    expect(largestStep(3e-4, 64, 5000)).toBeCloseTo(0.01944, 4) // as GA of experiments.md has it
    expect(largestStep(3e-4, 40, 40)).toBe(Infinity)
  })
})

/** f = v . tanh(W x) of two units on points of the plane; gradients (n, 6) of max(0, 1 - y f) by v and W. */
const points = 12
const gradients = (() => {
  const { normal } = stream(1, "net")
  const [v, W] = [
    [normal(), normal()],
    [normal(), normal(), normal(), normal()],
  ]
  return Array.from({ length: points }, (_, i) => {
    const [x, y] = [[normal(), normal()], i % 2 === 0 ? 1 : -1]
    const hidden = [0, 1].map((k) => Math.tanh(W[2 * k]! * x[0]! + W[2 * k + 1]! * x[1]!))
    const slopes = hidden.map((h, k) => v[k]! * (1 - h * h))
    return [...hidden, slopes[0]! * x[0]!, slopes[0]! * x[1]!, slopes[1]! * x[0]!, slopes[1]! * x[1]!].map(
      (each) => -y * each,
    )
  })
})()
const meanOf = (rows: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> =>
  rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length)
/** The covariance (6, 6), divided by the number of rows. */
const covarianceOf = (rows: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> => {
  const mean = meanOf(rows)
  return mean.flatMap((a, j) =>
    mean.map((b, k) => rows.reduce((sum, row) => sum + (row[j]! - a) * (row[k]! - b), 0) / rows.length),
  )
}
const length = (x: ReadonlyArray<number>): number => Math.hypot(...x)
const less = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): ReadonlyArray<number> =>
  a.map((each, k) => each - b[k]!)
/** The root of the variance of the mean of 2,000 draws, all components together. */
const standardError = (drawn: ReadonlyArray<ReadonlyArray<number>>): number =>
  Math.sqrt(covarianceOf(drawn).reduce((sum, each, jk) => (jk % 7 === 0 ? sum + each : sum), 0) / drawn.length)

describe("a batch from all points", () => {
  test("has b different points, all of them where b is n", () => {
    const random = stream(2, "batch")
    for (const b of [1, 5, 12]) {
      const rows = fromAll({ b, n: 12, random })
      expect([rows.length, new Set(rows).size, rows.every((row) => row >= 0 && row < 12)]).toEqual([b, b, true])
    }
  })

  test("has each point as often as any other", () => {
    const random = stream(3, "batch")
    const counts = new Float64Array(10)
    for (let draw = 0; draw < 4000; draw++) for (const row of fromAll({ b: 3, n: 10, random })) counts[row]! += 1
    const spread = Math.sqrt(4000 * 0.3 * 0.7)
    for (const count of counts) expect(Math.abs(count - 1200) / spread).toBeLessThan(agreement.standardErrors)
  })

  test.each([1, 3, 6, 11])("of %i has a gradient that is right on average, and varies as its temperature says", (b) => {
    const random = stream(4, "batch")
    const drawn = Array.from({ length: 2000 }, () =>
      meanOf(Array.from(fromAll({ b, n: points, random }), (row) => gradients[row]!)),
    )
    const expected = covarianceOf(gradients).map((each) => (each / b) * (1 - (b - 1) / (points - 1)))
    expect(length(less(covarianceOf(drawn), expected)) / length(expected)).toBeLessThan(agreement.covariance)
    expect(length(less(meanOf(drawn), meanOf(gradients))) / standardError(drawn)).toBeLessThan(agreement.standardErrors)
  })

  test("of n has the whole gradient, and no variance", () => {
    expectClose(
      "gradient",
      meanOf(Array.from(fromAll({ b: points, n: points, random: stream(5, "batch") }), (row) => gradients[row]!)),
      meanOf(gradients),
      agreement.temperature,
    )
  })
})

describe("a batch from unsatisfied points", () => {
  /** Every third point is below its margin; point 6 is exactly at it. */
  const reached = Float64Array.from({ length: 30 }, (_, i) => (i === 6 ? 1 : i % 3 === 0 ? 0.9 : 1.5))
  let asked: Array<Int32Array> = []
  const margins = async (rows: Int32Array): Promise<Float64Array> => {
    asked.push(rows)
    return Float64Array.from(rows, (row) => reached[row]!)
  }
  const draw = (b: number, chunk: number, seed = 6): Promise<Int32Array> => {
    asked = []
    return fromUnsatisfied({ b, n: 30, random: stream(seed, "batch") }, chunk, margins)
  }
  const sizes = (): ReadonlyArray<number> => asked.map((rows) => rows.length)

  test("has only points below their margin, each once", async () => {
    for (let seed = 0; seed < 50; seed++) {
      const rows = await draw(4, 7, seed)
      expect(rows.length).toBe(4)
      expect(new Set(rows).size).toBe(4)
      expect(Array.from(rows).every((row) => row % 3 === 0 && row !== 6)).toBe(true)
    }
  })

  test("asks for a chunk of margins at a time, and for no more once it has its points", async () => {
    await draw(1, 30)
    expect(sizes()).toEqual([30])
    await draw(10, 7)
    expect(sizes()).toEqual([7, 7, 7, 7, 2])
    const [found] = await draw(1, 1)
    const below = asked.map(([row]) => reached[row!]! < 1)
    expect([asked.at(-1)![0], below.indexOf(true)]).toEqual([found, asked.length - 1])
  })

  test("is the same whatever the chunk", async () => {
    const whole = await draw(5, 30)
    for (const chunk of [1, 4, 29]) expect(await draw(5, chunk)).toEqual(whole)
  })

  test("has fewer where there are no more, and none where all have their margin", async () => {
    expect((await draw(20, 7)).toSorted()).toEqual(Int32Array.of(0, 3, 9, 12, 15, 18, 21, 24, 27))
    expect(sizes()).toEqual([7, 7, 7, 7, 2])
    expect(
      await fromUnsatisfied({ b: 3, n: 30, random: stream(7, "batch") }, 8, async (rows) =>
        new Float64Array(rows.length).fill(1),
      ),
    ).toEqual(new Int32Array(0))
  })

  test("has a gradient that is larger by n over the number of them", async () => {
    const random = stream(8, "batch")
    const drawn: Array<ReadonlyArray<number>> = []
    while (drawn.length < 2000) {
      const rows = await fromUnsatisfied({ b: 2, n: points, random }, 5, async (asked) =>
        Float64Array.from(asked, (row) => (row < 4 ? 0 : 2)),
      )
      drawn.push(meanOf(Array.from(rows, (row) => gradients[row]!)))
    }
    // The hinge's gradient: satisfied points have none.
    const whole = meanOf(gradients.map((row, i) => row.map((each) => (i < 4 ? each : 0))))
    expect(
      length(
        less(
          meanOf(drawn),
          whole.map((each) => (each * points) / 4),
        ),
      ) / standardError(drawn),
    ).toBeLessThan(agreement.standardErrors)
  })

  test("of n is all points, in order and unasked", async () => {
    expect(await draw(30, 7)).toEqual(Int32Array.from({ length: 30 }, (_, i) => i))
    expect(asked).toEqual([])
  })
})
