// Run by a process of its own, on this processor or on an emulated one: convolutions and their gradients in float32
// against float64. Tells the size of a block and the largest error, relative to the largest entry of an array.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../../pipeline/stage.ts"
import { channelBlock } from "../../../stages/tensor/channel-block.ts"
import { jit } from "../../../stages/tensor/jit.ts"
import { filled } from "./roads.ts"

type Pad = "same" | "valid" | number
type Case = readonly [image: ReadonlyArray<number>, filter: ReadonlyArray<number>, stride: number, pad: Pad]

const whole: ReadonlyArray<Case> = [
  [[2, 4, 5, 1], [3, 3, 1, 2], 1, "same"],
  [[3, 4, 3, 20], [3, 3, 20, 18], 1, "same"],
  [[2, 5, 4, 16], [3, 3, 16, 32], 2, "same"],
  [[1, 3, 3, 5], [2, 2, 5, 3], 1, 2],
  [[8, 6, 6, 2], [3, 3, 2, 3], 1, "same"],
  [[14, 8, 8, 1], [3, 3, 1, 2], 2, "valid"],
  [[9, 7, 7, 9], [3, 2, 9, 9], 1, "valid"],
]
const depthwise: ReadonlyArray<Case> = [
  [[3, 1, 1, 21], [5, 5, 21, 1], 1, "same"],
  [[2, 5, 6, 16], [3, 3, 16, 1], 2, "same"],
  [[1, 6, 6, 20], [3, 3, 20, 1], 2, "valid"],
]

type Convolve = (x: tf.Tensor4D, w: tf.Tensor4D, stride: number, pad: Pad) => tf.Tensor

const single = ({ shape, data }: Tensor): Tensor => ({ shape, data: Float32Array.from(data) })

const errorOf = async (convolve: Convolve, [image, filter, stride, pad]: Case): Promise<number> => {
  const op = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => convolve(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)
  const fn = ({ x, w }: Record<"x" | "w", tf.Tensor>) => {
    const [dx, dw] = tf.grads((x: tf.Tensor, w: tf.Tensor) => tf.sum(tf.tanh(op(x, w))))([x, w]) as [
      tf.Tensor,
      tf.Tensor,
    ]
    return { y: op(x, w), dx, dw }
  }
  const [x, w] = [single(filled(1, image)), single(filled(2, filter))]
  const [made, exact] = [
    await jit("single", fn, { dtype: "float32" })({ x, w }),
    await jit("double", fn, { dtype: "float64" })({ x, w }),
  ]
  return Math.max(
    ...(["y", "dx", "dw"] as const).map((name) => {
      const [mine, theirs] = [made[name].data, exact[name].data]
      const largest = Math.max(...Array.from(theirs, Math.abs))
      return Math.max(...Array.from(mine, (value, i) => Math.abs(value - theirs[i]!) / largest))
    }),
  )
}

const errors = [
  ...(await Promise.all(whole.map((each) => errorOf(tf.conv2d, each)))),
  ...(await Promise.all(depthwise.map((each) => errorOf(tf.depthwiseConv2d, each)))),
]
process.stdout.write(JSON.stringify({ block: (await channelBlock()) ?? null, error: Math.max(...errors) }))
