// The generator against its published numbers, and the data of the report of Kearns et al. against numpy 1.26.
import { Schema } from "effect"
import { expect, test } from "vitest"
import { MersenneTwister } from "../../../stages/data/mersenne-twister.ts"
import { NumpyPointsParams, numpyPoints } from "../../../stages/data/numpy-points.ts"
import { run } from "../../../stages/data/numpy-points.run.ts"
import { perform } from "../perform.ts"

const drawn = <A>(count: number, draw: () => A): ReadonlyArray<A> => Array.from({ length: count }, draw)
const dataOf = async (params: NumpyPointsParams) => {
  const { data } = await perform(run({ params, inputs: {}, seed: 0 }))
  return { x: data["x"]!, y: data["y"]! }
}

test("the generator gives the numbers that the C++ standard asks of mt19937", () => {
  const generator = new MersenneTwister(5489)
  const numbers = drawn(10_000, () => generator.bits())
  expect(numbers.slice(0, 5)).toEqual([3499211612, 581869302, 3890346734, 3586334585, 545404204])
  expect(numbers.at(-1)).toBe(4123659995)
})

test("whole numbers and fractions follow each other as in numpy, past the end of the state", () => {
  const generator = new MersenneTwister(0)
  expect(drawn(700, () => generator.below(1000)).slice(-3)).toEqual([404, 941, 185])
  expect(generator.uniform()).toBe(0.14701389488880123)
  expect(drawn(3, () => generator.below(1))).toEqual([0, 0, 0])
})

test("the data of K1 are those of the report, bit for bit", async () => {
  const { x, y } = await dataOf({ seed: 42, points: 100, inputs: 10, classes: 2 })
  expect([x.shape, y.shape]).toEqual([[100, 10], [100]])
  expect([x.data[0], x.data.at(-1)]).toEqual([0.3745401188473625, 0.44600577295795574])
  expect([...x.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(490.256553320134, 11)
  expect(y.data.filter((label) => label === 1)).toHaveLength(48)
  expect([...y.data].filter((label) => Math.abs(label) !== 1)).toEqual([])
  expect(
    [...y.data]
      .slice(0, 20)
      .map((label) => (label + 1) / 2)
      .join(""),
  ).toBe("01111010000011110101")
})

test("the data of K7 have ten classes, as numbers", async () => {
  const { x, y } = await dataOf({ seed: 42, points: 100, inputs: 80, classes: 10 })
  expect([x.data[0], x.data.at(-1)]).toEqual([0.3745401188473625, 0.10448031675395808])
  expect(y.data).toBeInstanceOf(Int32Array)
  expect([...y.data].slice(0, 12)).toEqual([1, 9, 0, 9, 7, 8, 6, 7, 3, 3, 1, 7])
  expect([...y.data].reduce((sum, label) => sum + label, 0)).toBe(453)
})

test("a seed that numpy would not take is refused, and the stage takes no seed of the engine", () => {
  const decode = Schema.decodeUnknownSync(NumpyPointsParams)
  const of = { seed: 42, points: 2, inputs: 2, classes: 2 }
  expect(decode(of)).toEqual(of)
  for (const wrong of [{ seed: -1 }, { seed: 2 ** 32 }, { seed: 0.5 }, { classes: 1 }, { points: 0 }])
    expect(() => decode({ ...of, ...wrong })).toThrow()
  expect(numpyPoints.random).toBe(false)
})
