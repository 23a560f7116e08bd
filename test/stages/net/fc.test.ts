// The forward pass against plain loops, and the small things about records of weights.
import { expect, test } from "vitest"
import { groupOf, grouped } from "../../../stages/net/group.ts"
import { fc } from "../../../stages/net/models/fc.ts"
import { forward } from "../../../stages/net/forward.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { plainNet, plainOutputs, somePoints, someWeights, type Name } from "./plain.ts"

for (const activation of ["softplus", "relu"] as const satisfies ReadonlyArray<Name>) {
  for (const depth of [1, 2, 5]) {
    test(`${activation} with ${depth} hidden layers gives what plain loops give, with either precision`, async () => {
      const [weights, x] = [someWeights(depth, 4, depth, 7), somePoints(depth, 9, 4)]
      const expected = plainOutputs(weights, x, activation)
      for (const dtype of ["float32", "float64"] as const) {
        const net = jit(
          "net",
          (arrays) => ({
            f: forward(fc({ inputs: 4, depth, width: 7, activation }), groupOf("w", arrays), arrays["x"]!),
          }),
          { dtype },
        )
        const { f } = await net({ x, ...grouped("w", weights) })
        expect(f!.shape).toEqual([9])
        expectClose(dtype, f!.data, expected, tolerance[dtype].net)
      }
    })
  }
}

// Two inputs, one hidden unit: u = (3 + 2 * 4) / sqrt(2) + 1, f = 5 sigma(u) / 1 - 2.
test("a net of one hidden unit gives what one computes by hand", async () => {
  const weights = {
    W0: { shape: [2, 1], data: Float64Array.of(1, 2) },
    B0: { shape: [1], data: Float64Array.of(1) },
    W1: { shape: [1, 1], data: Float64Array.of(5) },
    B1: { shape: [1], data: Float64Array.of(-2) },
  }
  const x = { shape: [1, 2], data: Float64Array.of(3, 4) }
  const net = jit(
    "net",
    (arrays) => ({
      f: forward(fc({ inputs: 2, depth: 1, width: 1, activation: "relu" }), groupOf("w", arrays), arrays["x"]!),
    }),
    { dtype: "float64" },
  )
  const { f } = await net({ x, ...grouped("w", weights) })
  expectClose("f", f!.data, [5 * Math.SQRT2 * (11 / Math.SQRT2 + 1) - 2], tolerance.float64.op)
})

test("the gradient of the plain road is the slope of its output in every weight", () => {
  const [weights, x] = [someWeights(3, 3, 2, 4), somePoints(3, 1, 3).data]
  const { gradient } = plainNet(weights, x, "softplus")
  for (const [name, { shape, data }] of Object.entries(weights)) {
    const at = (i: number, change: number): number =>
      plainNet(
        { ...weights, [name]: { shape, data: Float64Array.from(data).with(i, data[i]! + change) } },
        x,
        "softplus",
      ).f
    const slope = Float64Array.from(data, (_, i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5)
    expectClose(name, gradient[name]!, slope, tolerance.float64.differences)
  }
})

test("groups of arrays travel in one record and come out as they went in", () => {
  const both = { ...grouped("w", { W0: 1, B0: 2 }), ...grouped("ww", { W0: 3 }), x: 4 }
  expect(both).toEqual({ "w.W0": 1, "w.B0": 2, "ww.W0": 3, x: 4 })
  expect(groupOf("w", both)).toEqual({ W0: 1, B0: 2 })
  expect(groupOf("v", both)).toEqual({})
})
