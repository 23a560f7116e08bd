// The metrics of movement, from tables written by hand.
import { expect, test } from "vitest"
import { run } from "../../../stages/observables/weight-movement.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"

// Two hidden kernels and the output's, with biases between them that do not count.
const arrays = {
  array: ["W0", "B0", "W1", "B1", "W2", "B2"],
  size: [20, 2, 8, 4, 4, 1],
  start: [4, 9, 3, 9, 12, 9],
  moved: [2, 50, 6, 50, 3, 50],
  meanMoved: [0.5, 7, 0.25, 7, 0.125, 7],
}
const end = { step: [300], epoch: [3], loss: [0.004], converged: [true] }
const nets = [{ labels: { n: 40, replica: 1 }, units: 10 }]
const measured = perform(run({ params: { nets }, inputs: { arrays: [arrays], ends: [end] }, seed: 0 }))

test("a net has the norm of the change of its kernels, over its units, and relative to the start", async () => {
  const { nets: made } = await measured
  expect(made).toMatchObject({ n: [40], replica: [1], step: [300], epoch: [3], loss: [0.004], converged: [true] })
  const numbers = ["norm", "perUnit", "relative", "relativeOutput"].map((name) => Number(made[name]![0]))
  expectClose("net", numbers, [7, 0.7, Math.sqrt(40) / 5, 0.25], tolerance.float64.op)
})

test("each layer has its mean and its relative change, and sums leave the output layer out or in", async () => {
  const { layers } = await measured
  expect(layers["layer"]).toEqual(["first", "second", "output", "sum", "all"])
  expect(layers["weights"]).toEqual([20, 8, 4, 28, 32])
  expect(layers["meanMoved"]).toEqual([0.5, 0.25, 0.125, 0.75, 0.875])
  const numbers = (name: string): ReadonlyArray<number> => layers[name] as ReadonlyArray<number>
  expectClose("relative", numbers("relative"), [0.5, 2, 0.25, Math.sqrt(40) / 5, 7 / 13], tolerance.float64.op)
  expectClose("root", numbers("root").slice(3, 4), [Math.sqrt(0.75) / 10], tolerance.float64.op)
  // A uniform draw between -b and b has the root mean square b / sqrt(3) and the mean absolute value b / 2.
  const [first, second] = [4 / Math.sqrt(20), 3 / Math.sqrt(8)].map((rms) => (Math.sqrt(3) * rms) / 2) as [
    number,
    number,
  ]
  expectClose("share", numbers("share").slice(3, 4), [0.75 / (first + second)], tolerance.float64.op)
})

test("tables that are not one for each net are refused", async () => {
  const short = run({ params: { nets }, inputs: { arrays: [], ends: [end] }, seed: 0 })
  expect((await failure(short)).message).toBe("there are 1 nets, but 0 tables of arrays and 1 ends")
})

test("a net whose hidden weights start at zero is refused, since nothing is relative to them", async () => {
  const zero = { ...arrays, start: arrays.start.map(() => 0) }
  const bare = run({ params: { nets }, inputs: { arrays: [zero], ends: [end] }, seed: 0 })
  expect((await failure(bare)).message).toBe("net 1 has no hidden kernel whose weights were not zero at the start")
})
