// How random batches are, against batches drawn in a plain loop with the gradients of the net of net/plain.ts.
import { beforeAll, expect, test } from "vitest"
import type { Table, Tensors } from "../../../../pipeline/stage.ts"
import { run } from "../../../../stages/dynamics/temperature/noise.run.ts"
import type { NoiseParams } from "../../../../stages/dynamics/temperature/noise.ts"
import { permutation, stream } from "../../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { plainNet, rowOf, somePoints, someWeights } from "../../net/plain.ts"
import { failure, perform } from "../../perform.ts"

const n = 12
const x = somePoints(4, n, 3)
const y = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : -1))
const inputs: { readonly data: Tensors; readonly weights: Tensors } = {
  data: { x, y: { shape: [n], data: y } },
  weights: someWeights(2, 3, 2, 4),
}
const params: NoiseParams = {
  model: { kind: "fc", inputs: 3, depth: 2, width: 4, activation: "softplus" },
  batches: [1, 3, 6, 11],
  draws: 2000,
  temperature: 0.02,
  dtype: "float64",
  backend: "onnx",
}

/** Of the points: -y df, all weights as one vector. */
const gradients = Array.from({ length: n }, (_, i) =>
  Object.values(plainNet(inputs.weights, rowOf(x, i), "softplus").gradient).flatMap((part) =>
    Array.from(part, (slope) => -y[i]! * slope),
  ),
)
const meanOf = (rows: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> =>
  rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length)
const whole = meanOf(gradients)
const squareFrom = (gradient: ReadonlyArray<number>): number =>
  gradient.reduce((sum, value, k) => sum + (value - whole[k]!) ** 2, 0)

let noise: Table
const column = (name: string): ReadonlyArray<number> => noise[name] as ReadonlyArray<number>

beforeAll(async () => {
  ;({ noise } = await perform(run({ params, inputs, seed: 5 })))
})

test("the variance is that of the gradients of the batches that the seed draws", () => {
  const random = stream(5, "batches")
  const drawn = params.batches.map((b) => {
    const squares = Array.from({ length: params.draws }, () =>
      squareFrom(meanOf(Array.from(permutation(n, random).subarray(0, b), (row) => gradients[row]!))),
    )
    return squares.reduce((sum, each) => sum + each, 0) / params.draws
  })
  expect(column("batch")).toEqual(params.batches)
  expectClose(
    "variance",
    column("variance").map((value, i) => value / drawn[i]!),
    [1, 1, 1, 1],
    agreement.temperature,
  )
})

test("what is expected is the mean over every batch there is, and 2,000 draws come near", () => {
  // 12 of one point, 220 of three, 924 of six, 12 of eleven.
  const sets = Array.from({ length: 2 ** n }, (_, bits) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => (bits >> i) & 1),
  )
  const expected = params.batches.map((b) => {
    const squares = sets
      .filter((set) => set.length === b)
      .map((set) => squareFrom(meanOf(set.map((row) => gradients[row]!))))
    return squares.reduce((sum, each) => sum + each, 0) / squares.length
  })
  expectClose("expected", column("expected"), expected, tolerance.float64.net)
  expectClose("ratio", column("ratio"), [1, 1, 1, 1], agreement.covariance)
  expectClose(
    "ratio",
    column("ratio"),
    column("variance").map((value, i) => value / expected[i]!),
    tolerance.float64.net,
  )
})

test("the batch of a step comes back, and all have the temperature", () => {
  expectClose("inverse", column("inverse"), [1, 1, 1, 1], agreement.temperature)
  expectClose(
    "temperature",
    column("temperature").map((T) => T / params.temperature),
    [1, 1, 1, 1],
    agreement.temperature,
  )
  // One point has steps of the temperature, eleven of twelve 11 T / (1 - 10 / 11).
  expectClose("step", [column("step")[0]!, column("step")[3]!], [0.02, 0.02 * 121], tolerance.float64.op)
})

test("batches of one point have the variance of the points", async () => {
  const one = await perform(run({ params: { ...params, batches: [1] }, inputs, seed: 6 }))
  const variance = gradients.reduce((sum, gradient) => sum + squareFrom(gradient), 0) / n
  expectClose("expected", one.noise["expected"] as ReadonlyArray<number>, [variance], tolerance.float64.net, variance)
  expectClose("variance", [(one.noise["variance"] as ReadonlyArray<number>)[0]! / variance], [1], agreement.covariance)
})

test("the seed draws the batches, and decides nothing else", async () => {
  const [again, other] = [
    await perform(run({ params, inputs, seed: 5 })),
    await perform(run({ params, inputs, seed: 6 })),
  ]
  expect(again.noise).toEqual(noise)
  expect(other.noise["variance"]).not.toEqual(noise["variance"])
  for (const name of ["batch", "step", "inverse", "expected", "temperature"])
    expect(other.noise[name]).toEqual(noise[name])
})

test("weights of another net, and labels of other points, are refused", async () => {
  const { data, weights } = inputs
  expect(await failure(run({ params, inputs: { data, weights: someWeights(2, 3, 2, 5) }, seed: 5 }))).toMatchObject({
    reason: "InvalidInput",
    message: "W0 is (3, 5) in the weights, but (3, 4) in the net",
  })
  expect(
    await failure(
      run({ params, inputs: { data: { x, y: { shape: [2], data: y.subarray(0, 2) } }, weights }, seed: 5 }),
    ),
  ).toMatchObject({
    reason: "InvalidInput",
    message: "the labels y are (2), but for 12 points, 1 outputs and the hinge loss they must be (12)",
  })
})

test("a net of several outputs is refused", async () => {
  const model = { kind: "random-features", inputs: 3, width: 2, outputs: 2, activation: "relu" } as const
  const weights: Tensors = {
    W0: { shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
    W1: { shape: [2, 2], data: new Float64Array(4) },
  }
  const data: Tensors = { x, y: { shape: [n, 2], data: new Float64Array(2 * n).fill(1) } }
  expect(await failure(run({ params: { ...params, model }, inputs: { data, weights }, seed: 5 }))).toMatchObject({
    reason: "InvalidInput",
    message: "the gradients of a point need a net with one output, but this net has several",
  })
})

test("a batch of all points has no temperature and is refused", async () => {
  expect(await failure(run({ params: { ...params, batches: [3, 12] }, inputs, seed: 5 }))).toMatchObject({
    reason: "InvalidInput",
    message: "a batch of 12 was asked for, but with 12 points only smaller batches have a temperature",
  })
})
