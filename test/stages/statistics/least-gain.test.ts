// The smallest gain of ensembles: by hand on the test points, and against the spread of a mean on samples of them.
import { expect, test } from "vitest"
import { run } from "../../../stages/statistics/least-gain.run.ts"
import { deviation, mean, NORMAL } from "../../../stages/statistics/scaling.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"
import { valueOf } from "./summarized.ts"

const vector = (...values: ReadonlyArray<number>) => ({
  gain: { shape: [values.length], data: Float64Array.from(values) },
})
const leastOf = (samples: number, ...gains: ReadonlyArray<ReadonlyArray<number>>) =>
  perform(run({ params: { samples }, inputs: { gains: gains.map((gain) => vector(...gain)) }, seed: 3 }))

test("sample 0 is the smallest mean gain on the test points", async () => {
  const { table } = await leastOf(5, [1, 0, 0, 1], [0.5, 0, 0.25, 0])
  expect(table["sample"]).toEqual([0, 1, 2, 3, 4, 5])
  expectClose("least", [Number(table["least"]![0])], [0.1875], tolerance.float64.op)
})

test("samples draw the same points for all ensembles: a gain that is always smaller by a half stays so", async () => {
  const gain = Array.from({ length: 50 }, (_, i) => (i % 7) / 7)
  const one = await leastOf(20, gain)
  const two = await leastOf(
    20,
    gain,
    gain.map((each) => each - 0.5),
  )
  expectClose(
    "least",
    two.table["least"] as ReadonlyArray<number>,
    (one.table["least"] as ReadonlyArray<number>).map((each) => each - 0.5),
    tolerance.float64.net,
  )
})

// The standard error of a mean is known: sd / sqrt(m). A thousand samples give it to about 2 %.
test("of one ensemble, the interval is that of a mean over test points", async () => {
  const gain = Array.from({ length: 400 }, (_, i) => Math.sin(i))
  const { table } = await leastOf(4000, gain)
  const [value, spread] = await valueOf({ of: "bootstrapped", y: "least" }, table)
  const population = deviation(gain) * Math.sqrt(399 / 400)
  expectClose("value", [value], [mean(gain)], tolerance.float64.op)
  expect(spread / ((NORMAL * population) / 20)).toBeGreaterThan(0.95)
  expect(spread / ((NORMAL * population) / 20)).toBeLessThan(1.05)
})

test("gains on other test points are refused", async () => {
  const work = run({ params: { samples: 2 }, inputs: { gains: [vector(1, 0), vector(1, 0, 1)] }, seed: 0 })
  expect(await failure(work)).toMatchObject({ reason: "InvalidInput" })
})
