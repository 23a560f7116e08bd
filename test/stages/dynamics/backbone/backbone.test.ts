// The training of EfficientNet-B0 with a classifier, on real digits: against the plain net, and from epoch to epoch.
import { beforeAll, expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../../pipeline/stage.ts"
import { digitsIn, resizer } from "../../../../stages/data/digits.ts"
import type { BackboneEpochParams } from "../../../../stages/dynamics/backbone/backbone-epoch.ts"
import { run as epoch } from "../../../../stages/dynamics/backbone/backbone-epoch.run.ts"
import { run as features } from "../../../../stages/dynamics/backbone/backbone-features.run.ts"
import { run as begin } from "../../../../stages/dynamics/backbone/backbone-start.run.ts"
import { groupOf } from "../../../../stages/net/group.ts"
import { drops } from "../../../../stages/net/models/efficientnet.ts"
import { permutation, stream } from "../../../../stages/random.ts"
import { agreement, expectClose, tolerance } from "../../../support/tolerance.ts"
import { mnist } from "../../data/mnist.ts"
import { plainFeatures } from "../../net/models/plain-efficientnet.ts"
import { failure, perform } from "../../perform.ts"

const [n, hidden, side, rate] = [8, 16, 32, 1e-3]
const files = { images: mnist.trainImages, labels: mnist.trainLabels }
const params: BackboneEpochParams = { hidden, epoch: 1, images: n, batch: n, side, rate }
let start: Tensors
let after: Awaited<ReturnType<typeof trained>>

const trained = (state: Tensors, more: Partial<BackboneEpochParams> = {}, seed = 3) =>
  perform(epoch({ params: { ...params, ...more }, inputs: { ...files, state }, seed }))

beforeAll(async () => {
  start = (await perform(begin({ params: { hidden }, inputs: {}, seed: 1 }))).state
  after = await trained(start)
})

/** The images of the stage, resized, in the order of its only batch. */
const batchOf = (seed: number): { readonly x: Tensor; readonly y: ReadonlyArray<number> } => {
  const digits = digitsIn(files.images, files.labels, n)
  const resize = resizer(digits.side, side)
  const order = permutation(n, stream(seed, "order"))
  const data = new Float64Array(n * side * side)
  for (const [i, row] of order.entries())
    data.set(resize(digits.pixels.subarray(row * 784, (row + 1) * 784)), i * side * side)
  return { x: { shape: [n, side, side, 1], data }, y: Array.from(order, (row) => digits.labels[row]!) }
}

const lossOf = (weights: Tensors, made: Float64Array, y: ReadonlyArray<number>): number => {
  const dense = (z: ReadonlyArray<number>, l: number): ReadonlyArray<number> => {
    const [W, B] = [weights[`W${l}`]!, weights[`B${l}`]!.data]
    return Array.from(B, (b, j) => z.reduce((sum, value, i) => sum + value * W.data[i * B.length + j]!, b))
  }
  const points = y.map((label, i) => {
    const z = Array.from(made.subarray(i * 1280, (i + 1) * 1280))
    const logits = dense(
      dense(z, 0).map((u) => Math.max(0, u)),
      1,
    )
    const most = Math.max(...logits)
    return most + Math.log(logits.reduce((sum, u) => sum + Math.exp(u - most), 0)) - logits[label]!
  })
  return points.reduce((a, b) => a + b, 0) / y.length
}

test("the first loss and the moving statistics are those of plain loops", () => {
  const { x, y } = batchOf(3)
  const { uniform } = stream(3, "drop-connect")
  const uniforms = { shape: [n, drops], data: Float64Array.from({ length: n * drops }, () => uniform()) }
  const weights = groupOf("w", start)
  const plain = plainFeatures(weights, x, "training", uniforms)
  expectClose(
    "loss",
    after.curve["loss"] as ReadonlyArray<number>,
    [lossOf(weights, plain.features, y)],
    tolerance.float32.net,
  )
  const moved = groupOf("w", after.state)
  for (const name of ["stem_bn/moving_mean", "block4a_bn/moving_variance", "top_bn/moving_variance"])
    expectClose(name, moved[name]!.data, plain.statistics[name]!, tolerance.float32.net)
})

test("the first step of Adam moves every weight by the rate, where its gradient is not tiny", () => {
  const [before, moved] = [groupOf("w", start), groupOf("w", after.state)]
  for (const name of ["stem_conv/kernel", "block6a_dwconv/depthwise_kernel", "W0", "W1"]) {
    const steps = Array.from(moved[name]!.data, (value, i) => Math.abs(value - before[name]!.data[i]!))
    expect(Math.max(...steps)).toBeLessThan(1.001 * rate)
    expect(steps.toSorted((a, b) => a - b)[Math.floor(0.9 * steps.length)], name).toBeGreaterThan(0.9 * rate)
  }
  expect(moved["normalization/mean"]).toEqual(before["normalization/mean"])
})

test("an epoch goes on from the state of the one before, and counts its steps on", async () => {
  const second = await trained(after.state, { epoch: 2 }, 4)
  expect(second.curve["steps"]).toEqual([2])
  expect(second.state["steps"]!.data[0]).toBe(2)
  const again = await trained(after.state, { epoch: 2 }, 4)
  expect(again).toEqual(second)
  expect((await trained(after.state, { epoch: 2 }, 5)).curve["loss"]).not.toEqual(second.curve["loss"])
  expect(Object.keys(second.state)).toEqual(Object.keys(start))
  for (const [name, { shape, data }] of Object.entries(second.state)) {
    expect(shape, name).toEqual(start[name]!.shape)
    expect(data.constructor, name).toBe(start[name]!.data.constructor)
  }
})

test("features are those of plain loops with the moving statistics, and the classifier is scored on them", async () => {
  const { data, scores } = await perform(
    features({ params: { hidden, images: n, side }, inputs: { ...files, state: after.state }, seed: 0 }),
  )
  const { x, y } = { ...batchOf(3), y: Array.from(data["y"]!.data) }
  const order = permutation(n, stream(3, "order"))
  const weights = groupOf("w", after.state)
  const plain = plainFeatures(weights, x, "inference", {
    shape: [n, drops],
    data: new Float64Array(n * drops),
  }).features
  for (const [i, row] of order.entries())
    expectClose(
      `image ${row}`,
      data["x"]!.data.subarray(row * 1280, (row + 1) * 1280),
      plain.subarray(i * 1280, (i + 1) * 1280),
      agreement.descent,
    )
  expect(data["x"]!.data).toBeInstanceOf(Float32Array)
  expectClose(
    "loss",
    scores["loss"] as ReadonlyArray<number>,
    [lossOf(weights, Float64Array.from(data["x"]!.data), y)],
    1e-3,
  )
})

const told = async (more: Partial<BackboneEpochParams>): Promise<string> =>
  (await failure(epoch({ params: { ...params, ...more }, inputs: { ...files, state: start }, seed: 0 }))).message

test("images that are no whole batches, or more than there are, are refused", async () => {
  expect(await told({ epoch: 3 })).toBe("epoch 3 must begin after 2 steps, but the state has 0")
  expect(await told({ batch: 3 })).toBe("8 images are not whole batches of 3")
  expect(await told({ images: 70_000 })).toBe("70000 images were asked for, but there are 60000")
})
