// Three replicas on four points, by hand.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/statistics/ensemble.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"

const vector = (...values: ReadonlyArray<number>) => ({ shape: [values.length], data: Float64Array.from(values) })
const y = vector(1, 1, -1, -1)
const ensembleOf = (...replicas: ReadonlyArray<ReadonlyArray<number>>) =>
  perform(run({ params: {}, inputs: { replicas: replicas.map((F) => ({ F: vector(...F) })), test: { y } }, seed: 0 }))

/** Tables under each other. */
const joined = (tables: ReadonlyArray<Table>) =>
  Object.fromEntries(Object.keys(tables[0]!).map((column) => [column, tables.flatMap((table) => table[column]!)]))

// Means: 1, -1, 0, -2. Wrong: none, one and two of four; of the means the second, and the third, which is a tie.
test("errors are means, the ensemble's that of the mean output, and the variance is unbiased", async () => {
  const { summary, errors } = await ensembleOf([2, 1, -1, -2], [0.5, -2, -1, -2], [0.5, -2, 2, -2])
  expect(summary["replicas"]).toEqual([3])
  expectClose("meanError", summary["meanError"] as ReadonlyArray<number>, [(0 + 1 + 2) / 4 / 3], tolerance.float64.op)
  expect(summary["ensembleError"]).toEqual([0.5])
  expect(errors).toEqual({ learner: ["single nets, mean", "mean output"], testError: [summary["meanError"]![0], 0.5] })
  // Per point, (1, 0.25, 0.25), (4, 1, 1), (1, 1, 4) and zeros.
  expectClose("variance", summary["variance"] as ReadonlyArray<number>, [(1.5 + 6 + 6) / 4 / 2], tolerance.float64.op)
})

// Of single nets, the points are wrong for none, two, one and none; of the mean, the second and the third point.
test("the gain of a point is the fraction of nets that are wrong there, less 1 if their mean is wrong", async () => {
  const { gain, summary } = await ensembleOf([2, 1, -1, -2], [0.5, -2, -1, -2], [0.5, -2, 2, -2])
  expectClose("gain", gain["gain"]!.data, [0, 2 / 3 - 1, 1 / 3 - 1, 0], tolerance.float64.op)
  const mean = Array.from(gain["gain"]!.data).reduce((sum, each) => sum + each, 0) / 4
  const difference = Number(summary["meanError"]![0]) - Number(summary["ensembleError"]![0])
  expectClose("mean", [mean], [difference], tolerance.float64.op)
})

test("one replica is its own ensemble, without variance", async () => {
  expect((await ensembleOf([1, -1, -1, -1])).summary).toEqual({
    replicas: [1],
    meanError: [0.25],
    ensembleError: [0.25],
    variance: [0],
  })
})

test("each replica left out in turn leaves what the others give together", async () => {
  const replicas = [
    [2, 1, -1, -2],
    [0.5, -2, -1, -2],
    [0.5, -2, 2, -2],
  ]
  const { summaryWithout, errorsWithout } = await ensembleOf(...replicas)
  const others = await Promise.all(replicas.map((_, left) => ensembleOf(...replicas.filter((_, i) => i !== left))))
  expect(summaryWithout).toEqual({ without: [0, 1, 2], ...joined(others.map(({ summary }) => summary)) })
  expect(errorsWithout).toEqual({ without: [0, 0, 1, 1, 2, 2], ...joined(others.map(({ errors }) => errors)) })
})

test("nothing is left of one replica without it", async () => {
  const { summaryWithout, errorsWithout } = await ensembleOf([1, -1, -1, -1])
  expect([summaryWithout, errorsWithout]).toEqual([{ without: [] }, { without: [] }])
})

test("outputs on other points than the labels are refused", async () => {
  for (const replicas of [[vector(1, 1, 1, 1), vector(1, 1)], [vector(1, 1, 1)]]) {
    const work = run({ params: {}, inputs: { replicas: replicas.map((F) => ({ F })), test: { y } }, seed: 0 })
    expect(await failure(work)).toMatchObject({ reason: "InvalidInput" })
  }
})
