// What arrays are drawn from: means and mean squares against those of the distributions, and which streams they come
// from.
import { expect, test } from "vitest"
import { initial } from "../../../../stages/net/model.ts"
import type { Distribution } from "../../../../stages/net/distribution.ts"
import { arraysOf } from "../../../../stages/net/models/draw.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"

const drawn = (
  weights: Distribution,
  biases: Distribution | null = null,
  shape: ReadonlyArray<number> = [3, 3, 20, 30],
) => initial({ weights: Object.fromEntries(arraysOf("0", shape, weights, biases)) }, 11)

/** The mean of x^2 and x^4 of a uniform x in [a, b], and its mean. */
const ofUniform = (a: number, b: number) =>
  [(a + b) / 2, (b ** 3 - a ** 3) / 3 / (b - a), (b ** 5 - a ** 5) / 5 / (b - a)] as const
const ofNormal = (variance: number) => [0, variance, 3 * variance ** 2] as const

// Fan in 180, fan out 270.
const cases: ReadonlyArray<readonly [Distribution, readonly [mean: number, square: number, fourth: number]]> = [
  [{ kind: "normal", deviation: 0.7 }, ofNormal(0.49)],
  [{ kind: "half-normal", deviation: 0.7 }, [0.7 * Math.sqrt(2 / Math.PI), 0.49, 3 * 0.49 ** 2]],
  [{ kind: "uniform", from: 0, to: 1 }, ofUniform(0, 1)],
  [{ kind: "uniform", from: -0.05, to: 0.05 }, ofUniform(-0.05, 0.05)],
  [{ kind: "sign", size: 0.5 }, [0, 0.25, 0.25 ** 2]],
  [{ kind: "pytorch" }, ofUniform(-1 / Math.sqrt(180), 1 / Math.sqrt(180))],
  [{ kind: "xavier-normal", gain: 2 }, ofNormal((4 * 2) / 450)],
  [{ kind: "xavier-uniform", gain: 1 }, ofUniform(-Math.sqrt(6 / 450), Math.sqrt(6 / 450))],
]

for (const [distribution, [mean, square, fourth]] of cases) {
  test(`${JSON.stringify(distribution)} has its mean and mean square`, () => {
    const { data } = drawn(distribution)["W0"]!
    const [one, two] = [1, 2].map(
      (power) => Array.from(data).reduce((sum, each) => sum + each ** power, 0) / data.length,
    ) as [number, number]
    // In units of the deviation, so that small numbers are judged like large ones.
    expectClose("mean", [(one - mean) / Math.sqrt(square)], [0], agreement.standardErrors / Math.sqrt(data.length))
    expectClose(
      "mean square",
      [two / square],
      [1],
      Math.max(tolerance.float64.net, agreement.standardErrors * Math.sqrt((fourth / square ** 2 - 1) / data.length)),
    )
  })
}

test("a constant is that number, and biases may have none", () => {
  expect(new Set(drawn({ kind: "constant", value: 0.01 })["W0"]!.data)).toEqual(new Set([0.01]))
  expect(Object.keys(drawn({ kind: "constant", value: 0 }))).toEqual(["W0"])
})

test("on the sphere every unit has the radius, and no direction is preferred", () => {
  const [inputs, units] = [10, 4000]
  const { data } = drawn({ kind: "sphere", radius: 2 }, null, [inputs, units])["W0"]!
  const lengths = Array.from({ length: units }, (_, unit) =>
    Math.hypot(...Array.from({ length: inputs }, (_, i) => data[i * units + unit]!)),
  )
  expectClose(
    "lengths",
    lengths,
    lengths.map(() => 2),
    tolerance.float64.element,
  )
  for (const i of [0, 9]) {
    const coordinates = Array.from(data.subarray(i * units, (i + 1) * units))
    // x_i^2 / r^2 is Beta(1/2, (d - 1) / 2): mean 1 / d, variance 2 (d - 1) / (d^2 (d + 2)).
    expectClose(
      `mean of ${i}`,
      [coordinates.reduce((sum, each) => sum + each, 0) / units],
      [0],
      (agreement.standardErrors * 2) / Math.sqrt(inputs * units),
    )
    const square = coordinates.reduce((sum, each) => sum + (each / 2) ** 2, 0) / units
    expectClose(
      `mean square of ${i}`,
      [square],
      [1 / inputs],
      agreement.standardErrors * Math.sqrt((2 * (inputs - 1)) / (inputs ** 2 * (inputs + 2)) / units),
    )
  }
})

test("PyTorch's biases know the fan in of the weights", () => {
  const { data } = drawn({ kind: "constant", value: 1 }, { kind: "pytorch" }, [4, 1000])["B0"]!
  expect(data.length).toBe(1000)
  const largest = Math.max(...Array.from(data, Math.abs))
  expect(largest).toBeLessThanOrEqual(0.5)
  expect(largest).toBeGreaterThan(0.49)
})

test("an array drawn as another one is its copy; all others have streams of their own", () => {
  const [[, weight]] = arraysOf("0", [2, 3], { kind: "normal", deviation: 1 }, null) as [
    readonly [string, Parameters<typeof initial>[0]["weights"][string]],
  ]
  const { a, b, copy } = initial({ weights: { a: weight, b: weight, copy: { ...weight, drawnAs: "a" } } }, 1)
  expect(copy).toEqual(a)
  expect(b).not.toEqual(a)
})
