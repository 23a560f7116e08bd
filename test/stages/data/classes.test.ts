// MNIST with ten classes: the points are those of `parity`, the labels the digits.
import { expect, test } from "vitest"
import { run } from "../../../stages/data/classes.run.ts"
import { perform } from "../perform.ts"
import { mnist, parityOf } from "./mnist.ts"

test("the points are those of parity with the same seed, and the labels are their digits", async () => {
  const params = { n: 25, nTest: 30, dimension: 10, fitOn: 1000 }
  const made = await perform(run({ params, inputs: mnist, seed: 0 }))
  const parity = await parityOf(params)
  for (const set of ["train", "test"] as const) {
    expect(made[set]["x"]).toEqual(parity[set]["x"])
    expect(made[set]["y"]!.data).toBeInstanceOf(Int32Array)
    expect(Array.from(made[set]["y"]!.data, (digit) => (digit % 2 === 1 ? 1 : -1))).toEqual([...parity[set]["y"]!.data])
  }
  expect([...made.train["y"]!.data.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
})
