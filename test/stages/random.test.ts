// Streams of random numbers: that seed and name alone decide them, and that they are distributed as they say.
import { expect, test } from "vitest"
import { permutation, stream } from "../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../support/tolerance.ts"

const count = 100_000
const draw = (next: () => number, length = count): Float64Array => Float64Array.from({ length }, next)
const moment = (values: Float64Array, power: number): number =>
  values.reduce((sum, value) => sum + value ** power, 0) / values.length

test("one seed and one name give one stream", () => {
  expect(draw(stream(7, "W0").uniform, 100)).toEqual(draw(stream(7, "W0").uniform, 100))
  expect(draw(stream(7, "W0").normal, 101)).toEqual(draw(stream(7, "W0").normal, 101))
})

test("another name, another seed, or another high half of a seed gives another stream", () => {
  const firsts = [
    stream(7, "W0"),
    stream(7, "W1"),
    stream(8, "W0"),
    stream(7 + 2 ** 32, "W0"),
    stream(0, ""),
    stream(0, "W0"),
  ].map(({ uniform }) => uniform())
  expect(new Set(firsts).size).toBe(firsts.length)
})

test("neighbouring seeds and names are uncorrelated", () => {
  const base = draw(stream(7, "W0").normal)
  for (const other of [stream(8, "W0"), stream(7, "W1"), stream(7 + 2 ** 32, "W0")]) {
    const product = draw(other.normal).map((value, i) => value * base[i]!)
    expectClose("correlation", [moment(product, 1)], [0], agreement.standardErrors / Math.sqrt(count))
  }
})

test("what one stream draws does not move when another is drawn first", () => {
  const alone = draw(stream(3, "B").uniform, 10)
  const [a, b] = [stream(3, "A"), stream(3, "B")]
  draw(a.uniform, 1000)
  expect(draw(b.uniform, 10)).toEqual(alone)
})

// Moments of the standard normal: 0, 1, 0, 3; the variance of z^k is E[z^2k] - E[z^k]^2 = 1, 2, 15, 96.
test("normal numbers have the moments of a unit Gaussian", () => {
  const z = draw(stream(1, "moments").normal)
  const expected = [
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ] as const
  for (const [power, mean, variance] of expected) {
    expectClose(`moment ${power}`, [moment(z, power)], [mean], agreement.standardErrors * Math.sqrt(variance / count))
  }
})

test("uniform numbers lie in [0, 1) with mean 1/2 and variance 1/12, each as often in every tenth", () => {
  const u = draw(stream(1, "uniform").uniform)
  expect(Math.min(...u.subarray(0, 10_000))).toBeGreaterThanOrEqual(0)
  expect(u.every((value) => value >= 0 && value < 1)).toBe(true)
  expectClose("mean", [moment(u, 1)], [0.5], agreement.standardErrors * Math.sqrt(1 / 12 / count))
  expectClose(
    "variance",
    [
      moment(
        u.map((value) => value - 0.5),
        2,
      ),
    ],
    [1 / 12],
    agreement.standardErrors * Math.sqrt(1 / 180 / count),
  )
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = u.reduce((sum, value) => sum + (Math.floor(10 * value) === tenth ? 1 : 0), 0) / count
    expectClose(`tenth ${tenth}`, [share], [0.1], agreement.standardErrors * Math.sqrt(0.09 / count))
  }
})

test("a permutation has every number once, and no number keeps its place more often than by chance", () => {
  const order = permutation(1000, stream(1, "order"))
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  // Every place of 5 takes every number in a fifth of 5000 draws.
  const { uniform, normal } = stream(2, "orders")
  const seen = new Float64Array(25)
  for (let i = 0; i < 5000; i++)
    permutation(5, { uniform, normal }).forEach((value, place) => seen[5 * place + value]!++)
  for (const times of seen)
    expectClose("share", [times / 5000], [0.2], agreement.standardErrors * Math.sqrt(0.16 / 5000))
})

test("permutations of none and of one are what they are", () => {
  expect(permutation(0, stream(0, "none"))).toEqual(new Int32Array(0))
  expect(permutation(1, stream(0, "one"))).toEqual(Int32Array.of(0))
})

// sfc32 with FNV-1a and the polar method, written once more in Python 3.11 from their definitions; the draws of
// stream(0, "W0") and stream(2**40 + 5, "subspace"), and the first pair of normals of the former.
test("the numbers are those of sfc32", () => {
  expect(draw(stream(0, "W0").uniform, 3)).toEqual(
    Float64Array.of(0.5392868379415499, 0.6598456232872959, 0.6514527110363031),
  )
  expect(draw(stream(2 ** 40 + 5, "subspace").uniform, 3)).toEqual(
    Float64Array.of(0.7346333113015483, 0.29473871656033745, 0.3986222781149179),
  )
  expectClose("normal", draw(stream(0, "W0").normal, 2), [0.5031658333497465, 2.0472214223074476], tolerance.float64.op)
})
