// Takes the images through the net, a chunk at a time.
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { digitsIn, resized } from "../../data/digits.ts"
import { groupOf, grouped } from "../../net/group.ts"
import { losses } from "../../net/loss.ts"
import { wrongPoints } from "../../statistics/error.ts"
import { jit } from "../../tensor/jit.ts"
import type { BackboneFeaturesParams } from "./backbone-features.ts"
import { backboneOf } from "./net.ts"

type Inputs = { readonly images: Uint8Array; readonly labels: Uint8Array; readonly state: Tensors }
type Outputs = { readonly data: Tensors; readonly scores: Table }

const CHUNK = 200

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<BackboneFeaturesParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const onProgress = yield* Progress
  const made = yield* attempt(() => featured(params, inputs, onProgress))
  const [points, loss, error] = [made.scores["points"], made.scores["loss"], made.scores["error"]].map((one) => one![0])
  yield* Effect.log(`${points} images: loss ${loss}, error ${error}`)
  return made
})

const featured = async (
  { images: count, side }: BackboneFeaturesParams,
  { images, labels, state }: Inputs,
  onProgress: (fraction: number) => void,
): Promise<Outputs> => {
  const digits = digitsIn(images, labels, count)
  const n = digits.labels.length
  const imagesAt = resized(digits, side)
  const net = jit(
    "features",
    (arrays): Record<string, tf.Tensor> => {
      const { features, logits } = backboneOf(groupOf("w", arrays), arrays["x"]!, "inference")
      return { features, logits, loss: losses["softmax-cross-entropy"](logits, arrays["y"]!) }
    },
    { dtype: "float32" },
  )
  const weights = grouped("w", groupOf("w", state))
  let [x, sum, wrong, at]: [Float32Array, number, number, number] = [new Float32Array(0), 0, 0, 0]
  while (at < n) {
    const rows = Math.min(CHUNK, n - at)
    const first = at
    const data = imagesAt(Array.from({ length: rows }, (_, i) => first + i))
    const y = { shape: [rows], data: digits.labels.slice(at, at + rows) }
    const made = await net({ ...weights, x: { shape: [rows, side, side, 1], data }, y })
    const features = made["features"]!.data as Float32Array
    if (at === 0) x = new Float32Array((n * features.length) / rows)
    x.set(features, (at * features.length) / rows)
    sum += made["loss"]!.data[0]! * rows
    wrong += wrongPoints(made["logits"]!.data, y).reduce((total, each) => total + each, 0)
    at += rows
    onProgress(at / n)
  }
  return {
    data: { x: { shape: [n, x.length / n], data: x }, y: { shape: [n], data: digits.labels } },
    scores: { points: [n], loss: [sum / n], error: [wrong / n] },
  }
}
