// Nets with one hidden layer: scalings, biases, the doubling trick, outputs against plain loops.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import type { Net } from "../../../../stages/net/architecture.ts"
import { modelOf } from "../../../../stages/net/model-of.ts"
import { initial, parameterCount } from "../../../../stages/net/model.ts"
import { doubled } from "../../../../stages/net/models/doubled.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"
import { gaussian, outputs, prepared, small, stirred } from "./nets.ts"
import { dense, scaledRelu } from "./plain.ts"

const net: Net<"two-layer"> = small["two-layer"].architecture
const normal = { kind: "normal", deviation: 1 } as const

const plain = (
  weights: Tensors,
  x: Tensor,
  sigma: (u: number) => number,
  scale: number,
  suffix = "",
): ReadonlyArray<number> =>
  Array.from({ length: x.shape[0]! }, (_, i) => {
    const [W0, B0, W1, B1] = ["W0", "B0", "W1", "B1"].map((name) => weights[`${name}${suffix}`])
    const z = dense(x.data.subarray(i * x.shape[1]!, (i + 1) * x.shape[1]!), W0!, 1, B0).map(sigma)
    return [...dense(z, W1!, scale, B1)]
  }).flat()

for (const [scaling, scale] of [
  ["standard", 1],
  ["ntk", 1 / Math.sqrt(6)],
  ["mean-field", 1 / 6],
] as const) {
  for (const biases of [null, normal]) {
    const kind = `${scaling}, ${biases === null ? "without" : "with"} biases`
    test(`${kind}: its outputs are those of plain loops`, async () => {
      const model = modelOf({ ...net, scaling, biases })
      const [weights, x] = [stirred(1, model), gaussian(2, "x", [4, 3])]
      expect("B0" in weights).toBe(biases !== null)
      expectClose(
        "outputs",
        (await outputs(model, weights, x)).data,
        plain(weights, x, Math.tanh, scale),
        tolerance.float64.net,
      )
    })
  }
}

test("a doubled net is a net of half the units minus another, scaled for all units", async () => {
  const { model, weights, x } = prepared("doubled", 4)
  const copies = plain(weights, x, scaledRelu, 1 / 6, "-copy")
  const expected = plain(weights, x, scaledRelu, 1 / 6).map((value, k) => value - copies[k]!)
  expect(weights["W0"]!.shape).toEqual([3, 3])
  expect(model.width).toBe(6)
  expect(parameterCount(model)).toBe(6 * (3 + 1 + 2) + 2 * 2)
  expectClose("outputs", (await outputs(model, weights, x)).data, expected, tolerance.float64.net)
})

test("a doubled net begins at exactly zero, however many units, with either precision", async () => {
  for (const scaling of ["standard", "ntk", "mean-field"] as const) {
    const model = modelOf({ ...net, inputs: 20, width: 2000, scaling, biases: normal, doubled: true })
    const weights = initial(model, 5)
    expect(weights["W0-copy"]).toEqual(weights["W0"])
    expect(weights["W1"]).not.toEqual(weights["W0"])
    for (const dtype of ["float32", "float64"] as const) {
      const { data } = await outputs(model, weights, gaussian(6, "x", [50, 20]), dtype)
      expect(data.every((value) => value === 0)).toBe(true)
    }
  }
})

test("any net can be doubled", async () => {
  const model = doubled(modelOf(small.vgg.architecture))
  const { data } = await outputs(model, initial(model, 1), gaussian(2, "x", [2, ...small.vgg.point]), "float32")
  expect(data.every((value) => value === 0)).toBe(true)
})
