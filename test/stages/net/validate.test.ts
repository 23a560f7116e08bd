// What does not belong together is refused in a sentence, by every stage that takes it.
import { expect, test } from "vitest"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { run as linearize } from "../../../stages/dynamics/linearize/linearize.run.ts"
import { run as train } from "../../../stages/dynamics/train/train.run.ts"
import type { TrainParams } from "../../../stages/dynamics/train/train.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import type { LossName } from "../../../stages/net/loss-name.ts"
import { initial } from "../../../stages/net/model.ts"
import { failure } from "../perform.ts"
import { somePoints } from "./plain.ts"

const fc = { kind: "fc", inputs: 3, depth: 1, width: 4, activation: "relu" } as const
const several: TrainParams["model"] = {
  kind: "mlp",
  inputs: 3,
  hidden: [4],
  outputs: 5,
  activation: "plain-relu",
  weights: { kind: "pytorch" },
  biases: { kind: "pytorch" },
}
const weightsOf = (model: TrainParams["model"]): Tensors => initial(modelOf(model), 1)
const labels = (shape: ReadonlyArray<number>, ...data: ReadonlyArray<number>): Tensor => ({
  shape,
  data: Float64Array.from(data),
})
const x = somePoints(1, 2, 3)
const good: Tensors = { x, y: labels([2], 1, -1) }
const flow = {
  relaxation: { kind: "none" },
  low: 1e-2,
  high: 0.2,
  stop: { loss: 0, steps: 3, time: null },
  dtype: "float64",
  backend: "onnx",
} as const

const refusal = async (
  model: TrainParams["model"],
  weights: Tensors,
  data: Tensors,
  loss: LossName = "hinge",
): Promise<string> => {
  const error = await failure(
    train({ params: { ...flow, model, method: "direct", alpha: 1, loss }, inputs: { data, weights }, seed: 0 }),
  )
  expect(error.reason).toBe("InvalidInput")
  return error.message
}

test("weights of another net are refused by name and shape", async () => {
  const { W1, ...fewer } = weightsOf(fc)
  expect(await refusal(fc, weightsOf({ ...fc, width: 6 }), good)).toBe(
    "W0 is (3, 6) in the weights, but (3, 4) in the net",
  )
  expect(await refusal(fc, weightsOf({ ...fc, depth: 2 }), good)).toMatch(/^the weights have an array W2/)
  expect(await refusal(fc, fewer, good)).toBe("the weights lack the array W1 of the net")
  expect(W1!.shape).toEqual([4, 1])
})

test("labels that would broadcast are refused, and so are points without labels", async () => {
  const weights = weightsOf(fc)
  expect(await refusal(fc, weights, { x, y: labels([2, 1], 1, -1) })).toBe(
    "the labels y are (2, 1), but for 2 points, 1 outputs and the hinge loss they must be (2)",
  )
  expect(await refusal(fc, weights, { x, y: labels([3], 1, -1, 1) })).toMatch(/\(3\), but for 2 points/)
  expect(await refusal(fc, weights, { x })).toBe("the data lack the labels y")
  expect(await refusal(fc, weights, { x: { shape: [0, 3], data: new Float64Array(0) }, y: labels([0]) })).toBe(
    "the data have no points",
  )
})

test("a class that the net has no output for is refused", async () => {
  const weights = weightsOf(several)
  expect(await refusal(several, weights, { x, y: labels([2], 0, 5) }, "softmax-cross-entropy")).toBe(
    "the label 5 is not a class number: there are 5 outputs",
  )
  expect(await refusal(several, weights, good, "square")).toMatch(/5 outputs and the square loss they must be \(2, 5\)/)
})

test("a frozen kernel is that of one output", async () => {
  const error = await failure(
    linearize({
      params: { ...flow, model: several },
      inputs: {
        train: { x, y: labels([2, 5], 1, 1, 1, 1, 1, -1, -1, -1, -1, -1) },
        test: good,
        weights: weightsOf(several),
      },
      seed: 0,
    }),
  )
  expect(error).toMatchObject({ reason: "InvalidInput", message: expect.stringContaining("one output") })
})
