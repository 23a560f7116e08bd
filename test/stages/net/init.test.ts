// Initial nets: their arrays, and that wide ones have the outputs and kernel of the theory of infinite width.
import { expect, test } from "vitest"
import { run } from "../../../stages/net/init.run.ts"
import { agreement, expectClose } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"
import { plainOutputs } from "./plain.ts"

const netOf = async (depth: number, width: number, seed: number) =>
  (
    await perform(
      run({ params: { model: { kind: "fc", inputs: 10, depth, width, activation: "softplus" } }, inputs: {}, seed }),
    )
  ).weights

test("a net of L hidden layers of width h has d h + (L - 1) h^2 + h + L h + 1 weights and biases", async () => {
  for (const [depth, width] of [
    [1, 5],
    [2, 5],
    [5, 7],
  ] as const) {
    const weights = await netOf(depth, width, 0)
    const count = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0)
    expect(count).toBe(10 * width + (depth - 1) * width ** 2 + width + depth * width + 1)
    for (const { shape, data } of Object.values(weights)) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1))
  }
})

test("the arrays of two hidden layers of width 3 have the shapes they are said to have", async () => {
  const weights = await netOf(2, 3, 0)
  expect(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]))).toEqual({
    W0: [10, 3],
    B0: [3],
    W1: [3, 3],
    B1: [3],
    W2: [3, 1],
    B2: [1],
  })
})

test("biases are zero and weights standard normal", async () => {
  const weights = await netOf(2, 100, 1)
  for (const name of ["B0", "B1", "B2"]) expect(new Set(weights[name]!.data)).toEqual(new Set([0]))
  const w = Array.from(weights["W1"]!.data)
  expectClose("mean", [w.reduce((sum, each) => sum + each, 0) / 1e4], [0], agreement.standardErrors / 100)
  expectClose(
    "mean square",
    [w.reduce((sum, each) => sum + each * each, 0) / 1e4],
    [1],
    (agreement.standardErrors * Math.SQRT2) / 100,
  )
})

test("the seed decides the net, and each layer draws for itself", async () => {
  const [net, same, other, deeper] = [
    await netOf(2, 4, 7),
    await netOf(2, 4, 7),
    await netOf(2, 4, 8),
    await netOf(3, 4, 7),
  ]
  expect(same).toEqual(net)
  expect(other["W0"]).not.toEqual(net["W0"])
  expect([deeper["W0"], deeper["W1"]]).toEqual([net["W0"], net["W1"]])
  expect(net["W0"]!.data.subarray(0, 4)).not.toEqual(net["W1"]!.data.subarray(0, 4))
})

// E[sigma^2] = 1 keeps the variance of a point with |x|^2 = d at 1 through all layers, whatever the width: exactly
// with one ReLU layer, where E f^2 = E sigma(u)^2 and Var f^2 <= E f^4 = 3 E[(mean sigma^2)^2] <= 3 (1 + 5 / h).
test("over initial nets the output of a point of length sqrt(d) has mean 0 and variance 1", async () => {
  const [nets, width] = [1500, 16]
  const x = { shape: [1, 10], data: Float64Array.of(2, 0, 1, 0, 0, -1, 2, 0, 0, 0) }
  const outputs: Array<number> = []
  for (let seed = 0; seed < nets; seed++) outputs.push(plainOutputs(await netOf(1, width, seed), x, "relu")[0]!)
  const mean = (power: number): number => outputs.reduce((sum, f) => sum + f ** power, 0) / nets
  expectClose("mean", [mean(1)], [0], agreement.standardErrors / Math.sqrt(nets))
  expectClose("mean square", [mean(2)], [1], agreement.standardErrors * Math.sqrt((3 * (1 + 5 / width) - 1) / nets))
})
