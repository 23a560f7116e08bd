// What the ways to train say of themselves.
import { expect, test } from "vitest"
import { descend } from "../../../stages/dynamics/descend/descend.ts"
import { movement } from "../../../stages/dynamics/descend/movement.ts"
import { linearize } from "../../../stages/dynamics/linearize/linearize.ts"
import { noise } from "../../../stages/dynamics/temperature/noise.ts"
import { trainAtTemperature } from "../../../stages/dynamics/temperature/train-at-temperature.ts"
import { train } from "../../../stages/dynamics/train/train.ts"

test("those that draw batches take a seed, and the others do not", () => {
  expect(
    [train, linearize, descend, movement, trainAtTemperature, noise].map(({ name, random }) => [name, random]),
  ).toEqual([
    ["train", false],
    ["linearize", false],
    ["descend", true],
    ["movement", true],
    ["trainAtTemperature", true],
    ["noise", true],
  ])
})

test("all that train a net give its weights, a curve and an end, and each leads to its body", async () => {
  for (const stage of [train, descend, trainAtTemperature]) {
    expect(Object.keys(stage.outputs)).toEqual(["weights", "curve", "end"])
    expect((await stage.load()).run).toBeTypeOf("function")
  }
  expect((await movement.load()).run).toBeTypeOf("function")
})
