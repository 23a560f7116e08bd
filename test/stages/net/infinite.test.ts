// The tangent kernel of infinite width: closed forms against quadrature, and both against sampled nets.
import { expect, test } from "vitest"
import { logSlope, mean } from "../../../stages/statistics/scaling.ts"
import { erfExpectations, infiniteKernel, quadrature, reluExpectations } from "../../../stages/net/infinite.ts"
import { kernelOf } from "../../../stages/net/kernel.ts"
import { initial } from "../../../stages/net/model.ts"
import { fc } from "../../../stages/net/models/fc.ts"
import { agreement, expectClose } from "../../support/tolerance.ts"
import { sigma, somePoints } from "./plain.ts"

const x = somePoints(5, 12, 10)
const points = Float64Array.from(x.data)
const softplus = quadrature(sigma.softplus.value, sigma.softplus.slope, 161)

/** By its series, which converges everywhere. */
const erf = (u: number): number => {
  if (Math.abs(u) > 5) return Math.sign(u)
  let [term, sum] = [u, u]
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= (-u * u) / k
    sum += term / (2 * k + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

test("quadrature meets the closed form of erf", () => {
  const numeric = quadrature(erf, (u) => (2 / Math.sqrt(Math.PI)) * Math.exp(-u * u), 161)
  for (const [p, q, c] of [
    [1, 1, 0.3],
    [0.5, 1.2, -0.4],
    [0.7, 0.7, 0.7],
  ] as const) {
    const [one, other] = [numeric(p, q, c), erfExpectations(p, q, c)]
    expectClose(`${p} ${q} ${c}`, [one.value, one.slope], [other.value, other.slope], agreement.quadrature)
  }
})

test("ReLU has its known values: E[s^2] = 1, half of the units on, and orthogonal inputs share 1 / pi", () => {
  const { value, slope } = reluExpectations(1, 1, 1)
  expectClose("equal", [value, slope], [1, 1], agreement.eigenvalue)
  expectClose("orthogonal", Object.values(reluExpectations(1, 1, 0)), [1 / Math.PI, 1 / 2], agreement.eigenvalue)
})

const limits = {
  softplus: infiniteKernel(points, 10, 2, softplus),
  relu: infiniteKernel(points, 10, 2, reluExpectations),
}

/** With two hidden layers: |mean of the kernels of sampled nets - infinite kernel| / |infinite kernel|. */
const gap = async (name: "softplus" | "relu", width: number, replicas: ReadonlyArray<number>): Promise<number> => {
  const model = fc({ inputs: 10, depth: 2, width, activation: name })
  const kernel = kernelOf(model, { dtype: "float64" })
  const sum = new Float64Array(144)
  for (const seed of replicas) {
    const K = await kernel(initial(model, 1000 * width + seed), x, x)
    for (let i = 0; i < 144; i++) sum[i]! += K.data[i]! / replicas.length
  }
  const limit = limits[name]
  const [away, size] = [
    limit.reduce((total, value, i) => total + (sum[i]! - value) ** 2, 0),
    limit.reduce((total, value) => total + value ** 2, 0),
  ]
  return Math.sqrt(away / size)
}
const ten = Array.from({ length: 10 }, (_, i) => i)

test("softplus, two hidden layers: single nets approach it as the inverse root of their width", async () => {
  const widths = [50, 100, 200, 400]
  const gaps: Array<number> = []
  for (const width of widths) gaps.push(mean(await Promise.all(ten.map((seed) => gap("softplus", width, [seed])))))
  expect(Math.abs(logSlope(widths, gaps) + 0.5)).toBeLessThanOrEqual(agreement.widthSlope)
})

test("the mean of ten nets 1,600 wide is within four hundredths of it", async () => {
  expect(await gap("softplus", 1600, ten)).toBeLessThanOrEqual(agreement.tenNets)
})

test("so is that of ten ReLU nets", async () => {
  expect(await gap("relu", 800, ten)).toBeLessThanOrEqual(agreement.tenNets)
})
