// Activations: their scale by an integral done finely, their slopes by differences.
import * as tf from "@tensorflow/tfjs-core"
import { expect, test } from "vitest"
import { activations, plainSoftplus } from "../../../stages/net/activation.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { sigma } from "./plain.ts"

const names = ["softplus", "relu"] as const
const valueOf = async (name: (typeof names)[number], u: ReadonlyArray<number>) =>
  jit(
    "activation",
    ({ u }: Record<"u", tf.Tensor>) => ({ value: activations[name].value(u), slope: activations[name].slope(u) }),
    { dtype: "float64" },
  )({ u: { shape: [u.length], data: Float64Array.from(u) } })

/** From -60 to 60, even steps, through zero. */
const fine = Array.from({ length: 24_001 }, (_, i) => (i - 12_000) / 200)

for (const name of names) {
  test(`${name} gives what its formula gives, far out as well`, async () => {
    const { value, slope } = await valueOf(name, [...fine, -1e3, 1e3])
    expectClose(
      "value",
      value.data.map((each, i) => each / Math.max(1, Math.abs(fine[i] ?? 1e3))),
      [...fine, -1e3, 1e3].map((u) => sigma[name].value(u) / Math.max(1, Math.abs(u))),
      tolerance.float64.op,
    )
    expectClose("slope", slope.data, [...fine, -1e3, 1e3].map(sigma[name].slope), tolerance.float64.op)
  })

  test(`the slope of ${name} is that of its value`, async () => {
    const at = [-3, -1, -0.3, -0.01, 0.01, 0.2, 1.5, 4]
    const [above, below] = [
      await valueOf(
        name,
        at.map((u) => u + 1e-5),
      ),
      await valueOf(
        name,
        at.map((u) => u - 1e-5),
      ),
    ]
    const { slope } = await valueOf(name, at)
    expectClose(
      "slope",
      slope.data,
      at.map((_, i) => (above.value.data[i]! - below.value.data[i]!) / 2e-5),
      tolerance.float64.differences,
    )
  })

  // The trapezoidal rule on [-12, 12], whose error for so smooth an integrand is below 1e-12; ReLU has its kink on a
  // node.
  test(`${name} of a unit Gaussian has a mean square of 1`, async () => {
    const u = fine.filter((each) => Math.abs(each) <= 12)
    const { value } = await valueOf(name, u)
    const mean = u.reduce(
      (sum, each, i) => sum + (value.data[i]! ** 2 * Math.exp(-(each ** 2) / 2)) / 200 / Math.sqrt(2 * Math.PI),
      0,
    )
    expectClose("mean square", [mean], [1], agreement.meanSquare)
  })
}

test("ReLU has slope 0 at 0, softplus half of its last", async () => {
  expect((await valueOf("relu", [0])).slope.data).toEqual(Float64Array.of(0))
  expectClose("softplus", (await valueOf("softplus", [0])).slope.data, [1.40438 / 2], tolerance.float64.op)
})

test("softplus of plain numbers is that of arrays, far out as well, and its slope is that of its value", async () => {
  const { value, slope } = await valueOf("softplus", fine)
  expectClose(
    "value",
    fine.map((u) => plainSoftplus.value(u) / Math.max(1, Math.abs(u))),
    value.data.map((each, i) => each / Math.max(1, Math.abs(fine[i]!))),
    tolerance.float64.op,
  )
  expectClose("slope", fine.map(plainSoftplus.slope), slope.data, tolerance.float64.op)
  expectClose(
    "far out",
    [-1e3, 1e3].flatMap((u) => [plainSoftplus.value(u) / 1e3, plainSoftplus.slope(u)]),
    [0, 0, 1.40438, 1.40438],
    tolerance.float64.op,
  )
  expectClose(
    "differences",
    fine.map((u) => (plainSoftplus.value(u + 1e-5) - plainSoftplus.value(u - 1e-5)) / 2e-5),
    fine.map(plainSoftplus.slope),
    tolerance.float64.differences,
  )
})
