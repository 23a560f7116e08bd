// How far arrays and layers have moved: by nets cut off at a unit, in plain loops.
import { expect, test } from "vitest"
import { run } from "../../../stages/observables/moves.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { cut, plainOutputs, somePoints, someWeights } from "../net/plain.ts"
import { failure, perform } from "../perform.ts"

const [inputs, depth, width, points] = [3, 2, 4, 6]
const [start, end] = [someWeights(1, inputs, depth, width), someWeights(2, inputs, depth, width)]
const x = somePoints(3, points + 2, inputs)
const few = { shape: [points, inputs], data: x.data.subarray(0, points * inputs) }
const model = { kind: "fc", inputs, depth, width, activation: "relu" } as const
const params = { model, points, dtype: "float64", backend: "onnx" } as const
const moved = (to = end) => perform(run({ params, inputs: { points: { x }, start, end: to }, seed: 0 }))

const rms = (values: ReadonlyArray<number>): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

test("an array has moved by the rms of its change, entry by entry", async () => {
  const { arrays } = await moved()
  expect(arrays["array"]).toEqual(Object.keys(start))
  const expected = Object.entries(start).map(([name, { data }]) =>
    rms(Array.from(data, (value, i) => end[name]!.data[i]! - value)),
  )
  expectClose("moved", arrays["moved"] as ReadonlyArray<number>, expected, tolerance.float64.net)
})

test("a layer has moved by the rms of its preactivations, and switched where their sign has changed", async () => {
  const { layers } = await moved()
  const pairs = [width, width, 1].map((units, layer) =>
    Array.from({ length: units }, (_, unit) => {
      const [before, after] = [start, end].map((weights) => plainOutputs(cut(weights, layer, unit), few, "relu"))
      return Array.from(before!, (z, i) => [z, after![i]!] as const)
    }).flat(),
  )
  expect(layers["layer"]).toEqual([1, 2, 3])
  expectClose(
    "moved",
    layers["moved"] as ReadonlyArray<number>,
    pairs.map((all) => rms(all.map(([before, after]) => after - before))),
    tolerance.float64.net,
  )
  const switched = pairs.map((all) => all.filter(([before, after]) => before > 0 !== after > 0).length / all.length)
  expect(Math.max(...switched)).toBeGreaterThan(0)
  expectClose("switched", layers["switched"] as ReadonlyArray<number>, switched, tolerance.float64.net)
})

test("nothing has moved where the weights are as they were", async () => {
  const { arrays, layers } = await moved(start)
  for (const column of [arrays["moved"]!, layers["moved"]!, layers["switched"]!])
    expect(column.every((value) => value === 0)).toBe(true)
})

test("weights of another net are refused by name", async () => {
  const other = someWeights(2, inputs, depth, width + 1)
  expect(await failure(run({ params, inputs: { points: { x }, start, end: other }, seed: 0 }))).toMatchObject({
    reason: "InvalidInput",
  })
})

test("no points are refused: of nothing, nothing would have moved", async () => {
  const none = { x: { shape: [0, inputs], data: new Float64Array() } }
  expect(await failure(run({ params, inputs: { points: none, start, end }, seed: 0 }))).toMatchObject({
    reason: "InvalidInput",
  })
})
