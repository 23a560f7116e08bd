// Random features and the tangent model: what is frozen, where they begin, their outputs against plain loops.
import { expect, test } from "vitest"
import { initial, parameterCount, part } from "../../../../stages/net/model.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { outputs, prepared } from "./nets.ts"
import { dense, relu } from "./plain.ts"

for (const [name, trained] of [
  ["random-features", 6 * 2],
  ["tangent-features", 3 * 6],
] as const) {
  test(`${name}: units are frozen on the unit sphere, and the rest begins at zero`, () => {
    const { model } = prepared(name)
    const weights = initial(model, 7)
    expect(Object.keys(part(model, "frozen", weights))).toEqual(["W0"])
    expect(parameterCount(model)).toBe(trained)
    expect(new Set(weights["W1"]!.data)).toEqual(new Set([0]))
    const lengths = Array.from({ length: 6 }, (_, unit) =>
      Math.hypot(...[0, 1, 2].map((i) => weights["W0"]!.data[6 * i + unit]!)),
    )
    expectClose(
      "lengths",
      lengths,
      lengths.map(() => 1),
      tolerance.float64.element,
    )
  })
}

test("random features: a sum of the units' activations", async () => {
  const { model, weights, x } = prepared("random-features", 4)
  const expected = [0, 1, 2, 3].flatMap((i) => [
    ...dense(dense(x.data.subarray(3 * i, 3 * i + 3), weights["W0"]!).map(relu), weights["W1"]!),
  ])
  expectClose("outputs", (await outputs(model, weights, x)).data, expected, tolerance.float64.net)
})

test("tangent features: a sum over the units that are on of the points' products with their weights", async () => {
  const { model, weights, x } = prepared("tangent-features", 4)
  const expected = [0, 1, 2, 3].map((i) => {
    const point = x.data.subarray(3 * i, 3 * i + 3)
    const products = dense(point, weights["W1"]!)
    return dense(point, weights["W0"]!).reduce((sum, u, unit) => sum + (u > 0 ? products[unit]! : 0), 0)
  })
  const { shape, data } = await outputs(model, weights, x)
  expect(shape).toEqual([4])
  expectClose("outputs", data, expected, tolerance.float64.net)
})
