// The kernel of infinite width, as a stage: ReLU by angles between points, softplus by sums in polar coordinates
// and by the mean of wide nets.
import { expect, test } from "vitest"
import type { Tensor } from "../../../pipeline/stage.ts"
import { run as distance } from "../../../stages/observables/distance.run.ts"
import { run } from "../../../stages/net/limit.run.ts"
import { run as probe } from "../../../stages/observables/probe.run.ts"
import { agreement, expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"
import { type Name, sigma, somePoints } from "./plain.ts"

const [points, inputs] = [4, 10]
const x = somePoints(5, 9, inputs)
const kernel = async (x: Tensor, depth: number, activation: Name, kernelPoints = points) =>
  (await perform(run({ params: { depth, activation, kernelPoints }, inputs: { data: { x } }, seed: 0 }))).kernel["K"]!

/** E[s(u) s(v)] and E[s'(u) s'(v)] for the covariance c between points of variance p and q. */
type Means = (p: number, q: number, c: number) => readonly [number, number]

/** Of the points i and j, over d. */
const dot = (i: number, j: number): number =>
  Array.from({ length: inputs }, (_, k) => x.data[i * inputs + k]! * x.data[j * inputs + k]!).reduce((a, b) => a + b) /
  inputs

/** Theta of the points i and j: Sigma + 1 at first, then Sigma + 1 + Theta E[s' s']. */
const expected = (depth: number, means: Means): ReadonlyArray<number> => {
  return Array.from({ length: points * points }, (_, ij) => {
    const [i, j] = [Math.floor(ij / points), ij % points]
    let [p, q, c] = [dot(i, i), dot(j, j), dot(i, j)]
    let theta = c + 1
    for (let layer = 0; layer < depth; layer++) {
      const [value, slope] = means(p, q, c)
      ;[p, q] = [means(p, p, p)[0], means(q, q, q)[0]]
      ;[c, theta] = [value, value + 1 + theta * slope]
    }
    return theta
  })
}

/** Cho and Saul, for sqrt(2) max(0, u): half of the circle but for the angle between the points. */
const byAngle: Means = (p, q, c) => {
  const angle = p === q && q === c ? 0 : Math.acos(c / Math.sqrt(p * q))
  return [
    (Math.sqrt(p * q) * (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle))) / Math.PI,
    (Math.PI - angle) / Math.PI,
  ]
}

/** In polar coordinates: all around in 128 directions, outwards by Simpson's rule. */
const byPolar: Means = (p, q, c) => {
  const [a, b] = [Math.sqrt(p), c / Math.sqrt(p)]
  const rest = Math.sqrt(Math.max(0, q - b * b))
  const [directions, rings, step] = [128, 288, 1 / 32]
  let [value, slope] = [0, 0]
  for (let ring = 1; ring <= rings; ring++) {
    const r = ring * step
    const weight =
      ((r * Math.exp((-r * r) / 2) * step) / 3 / directions) * (ring === rings ? 1 : ring % 2 === 1 ? 4 : 2)
    for (let k = 0; k < directions; k++) {
      const [s, t] = [r * Math.cos((2 * Math.PI * k) / directions), r * Math.sin((2 * Math.PI * k) / directions)]
      value += weight * sigma.softplus.value(a * s) * sigma.softplus.value(b * s + rest * t)
      slope += weight * sigma.softplus.slope(a * s) * sigma.softplus.slope(b * s + rest * t)
    }
  }
  return [value, slope]
}

test("two orthogonal points of length sqrt(d) have what is on paper for one hidden layer of ReLU", async () => {
  // On the diagonal 1 + 1 + 2; beside it 1 / pi + 1 + 1 / 2.
  const { shape, data } = await kernel({ shape: [2, 4], data: Float64Array.of(2, 0, 0, 0, 0, 0, -2, 0) }, 1, "relu")
  expect(shape).toEqual([2, 2])
  expectClose("K", data, [4, 1 / Math.PI + 1.5, 1 / Math.PI + 1.5, 4], tolerance.float64.op)
})

test.each([1, 2, 5])("ReLU, %i hidden layers: angles between points, again and again", async (depth) => {
  expectClose("K", (await kernel(x, depth, "relu")).data, expected(depth, byAngle), agreement.kernel)
})

test.each([1, 2, 5])("softplus, %i hidden layers: sums in polar coordinates", async (depth) => {
  expectClose("K", (await kernel(x, depth, "softplus")).data, expected(depth, byPolar), agreement.softplusLimit)
})

test("it is taken on the first points, and all of them where there are fewer", async () => {
  const [some, all] = [await kernel(x, 2, "relu", 4), await kernel(x, 2, "relu", 100)]
  expect([some.shape, all.shape]).toEqual([
    [4, 4],
    [9, 9],
  ])
  expect(some.data).toEqual(all.data.filter((_, ij) => ij % 9 < 4 && ij < 36))
})

test("softplus: the mean of thirty nets 200 wide is near it, and nearer than nearly all of them", async () => {
  const params = {
    model: { kind: "fc", inputs, depth: 2, width: 200, activation: "softplus" },
    kernelPoints: points,
    dtype: "float64",
    backend: "onnx",
  } as const
  const data = { x, y: { shape: [9], data: new Float64Array(9).fill(1) } }
  const kernels = []
  for (let seed = 0; seed < 30; seed++) kernels.push((await perform(probe({ params, inputs: { data }, seed }))).kernel)
  const { distances } = await perform(
    distance({ params: {}, inputs: { kernels, reference: { K: await kernel(x, 2, "softplus") } }, seed: 0 }),
  )
  const away = distances["distance"] as ReadonlyArray<number>
  expect(away.at(-1)).toBeLessThanOrEqual(agreement.thirtyNets)
  expect(away.slice(0, -1).filter((each) => each > away.at(-1)!).length).toBeGreaterThan(25)
})

test("images are refused", async () => {
  const images = { shape: [3, 2, 2, 1], data: new Float64Array(12).fill(1) }
  expect(
    await failure(
      run({ params: { depth: 1, activation: "relu", kernelPoints: 2 }, inputs: { data: { x: images } }, seed: 0 }),
    ),
  ).toMatchObject({
    reason: "InvalidInput",
    message: "the points x are (3, 2, 2, 1), but a fully connected net takes (n, d)",
  })
})
