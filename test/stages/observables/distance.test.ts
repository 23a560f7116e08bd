// Kernels against one kernel, by hand: singly and in the mean.
import { expect, test } from "vitest"
import type { Tensors } from "../../../pipeline/stage.ts"
import { run } from "../../../stages/observables/distance.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"

const kernelOf = (...data: ReadonlyArray<number>): Tensors => ({
  K: { shape: [Math.sqrt(data.length), Math.sqrt(data.length)], data: Float64Array.from(data) },
})
/** 500 points, all entries of one value. */
const ones = (value: number): Tensors => ({ K: { shape: [500, 500], data: new Float64Array(250_000).fill(value) } })
const distances = async (kernels: ReadonlyArray<Tensors>, reference: Tensors) =>
  (await perform(run({ params: {}, inputs: { kernels, reference }, seed: 0 }))).distances

test("each net has its distance in sizes of the reference, and so has their mean", async () => {
  // |(1, 2, 2, 4)| is 5. The differences are (3, 0, 0, 4), (-3, 0, 0, 0) and, in the mean, (0, 0, 0, 2).
  const { of, replica, distance } = await distances([kernelOf(4, 2, 2, 8), kernelOf(-2, 2, 2, 4)], kernelOf(1, 2, 2, 4))
  expect([of, replica]).toEqual([
    ["net", "net", "mean"],
    [0, 1, -1],
  ])
  expectClose("distance", distance as ReadonlyArray<number>, [5 / 5, 3 / 5, 2 / 5], tolerance.float64.element)
})

test("a kernel has no distance from itself, and one of nothing has a distance of 1", async () => {
  const reference = kernelOf(2, -1, -1, 3)
  expect((await distances([reference, kernelOf(0, 0, 0, 0)], reference))["distance"]).toEqual([0, 1, 0.5])
})

test("kernels of many points have one too", async () => {
  expectClose(
    "distance",
    (await distances([ones(3)], ones(2)))["distance"] as ReadonlyArray<number>,
    [1 / 2, 1 / 2],
    tolerance.float64.element,
  )
})

test("kernels on other points than the reference's are refused", async () => {
  const inputs = {
    kernels: [kernelOf(1, 2, 2, 4), kernelOf(1, 2, 3, 2, 4, 5, 3, 5, 6)],
    reference: kernelOf(1, 2, 2, 4),
  }
  expect(await failure(run({ params: {}, inputs, seed: 0 }))).toMatchObject({
    reason: "InvalidInput",
    message: "the kernel of net 1 has 9 entries, but the reference has 4",
  })
})
