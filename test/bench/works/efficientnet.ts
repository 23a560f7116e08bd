// A training step of EfficientNet-B0 with the head of Kearns et al. on top, iterated by our compiled loop: batch norm
// by the batch, softmax cross-entropy, Adam.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { optimizerOf, slotsOf, stepped } from "../../../stages/dynamics/descend/optimizer.ts"
import { pack, packed, shapesOf, unpack, zerosLike } from "../../../stages/dynamics/pack.ts"
import { rounded } from "../../../stages/dynamics/task.ts"
import { groupOf, grouped, mapped } from "../../../stages/net/group.ts"
import { losses } from "../../../stages/net/loss.ts"
import { initial, part, type Weights } from "../../../stages/net/model.ts"
import { efficientNet, featuresOf } from "../../../stages/net/models/efficientnet.ts"
import { constant } from "../../../stages/tensor/constant.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import type { State, Step } from "../../../stages/tensor/step.ts"
import { type Timing, least } from "../timing.ts"
import { drawn } from "./drawn.ts"

const dense = (z: tf.Tensor, W: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(z as tf.Tensor2D, W as tf.Tensor2D), b)

/** The logits (n, 10), and the moving statistics after the batch. */
const forward = (weights: Weights, x: tf.Tensor): { readonly logits: tf.Tensor; readonly statistics: Weights } => {
  const { features, statistics } = featuresOf(weights, x, "training")
  const hidden = tf.relu(dense(tf.mean(features, [1, 2]), weights["W0"]!, weights["B0"]!))
  return { logits: dense(hidden, weights["W1"]!, weights["B1"]!), statistics }
}

const rule = optimizerOf({ kind: "adam-keras", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })

const stepOf =
  (shapes: ReturnType<typeof shapesOf>): Step<string, "count", string, "loss"> =>
  ({ arrays, scalars, fixed }, scalar) => {
    const count = scalar.add(scalars.count, 1)
    const names = Object.keys(shapes)
    const frozen = { ...groupOf("frozen", fixed), ...groupOf("statistics", arrays) }
    let statistics: Weights = {}
    const { value, grads } = tf.valueAndGrads((...each: Array<tf.Tensor>) => {
      const made = forward({ ...frozen, ...Object.fromEntries(names.map((name, i) => [name, each[i]!])) }, fixed["x"]!)
      statistics = Object.fromEntries(Object.entries(made.statistics).map(([name, array]) => [name, tf.keep(array)]))
      return losses["softmax-cross-entropy"](made.logits, fixed["y"]!)
    })(Object.values(unpack(groupOf("w", arrays), shapes)))
    const g = pack(Object.fromEntries(names.map((name, i) => [name, grads[i]!])), shapes)
    const moved = stepped(rule, groupOf("w", arrays), g, arrays, {
      lr: constant(1e-3) as tf.Scalar,
      count: scalar.float(count),
    })
    return {
      arrays: { ...grouped("w", moved.w), ...grouped("statistics", statistics), ...moved.arrays },
      scalars: { count },
      more: scalar.less(0, count),
      row: { loss: scalar.read(value) },
    }
  }

const single = (arrays: Tensors): Tensors => mapped(arrays, (array) => rounded(array, "float32"))
const small = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.map((value) => value / 30) })

export const run = async ({ n, side }: { readonly n: number; readonly side: number }): Promise<Timing> => {
  const net = efficientNet(1)
  const weights = initial(net, 0)
  const trained: Tensors = {
    ...part(net, "trained", weights),
    W0: small(drawn([1280, 1000])),
    B0: drawn([1000]),
    W1: small(drawn([1000, 10])),
    B1: drawn([10]),
  }
  const [normalisation, statistics] = ["normalization/", "_bn/"].map((kind) =>
    Object.fromEntries(Object.entries(part(net, "frozen", weights)).filter(([name]) => name.includes(kind))),
  ) as [Tensors, Tensors]
  const w = single(packed(trained))
  const fixed = {
    x: drawn([n, side, side, 1]),
    y: { shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 10) },
    ...grouped("frozen", single(normalisation)),
  }
  const flow = iterate("flow", stepOf(shapesOf(trained)), { dtype: "float32" })
  let state: State<string, "count"> = {
    arrays: { ...grouped("w", w), ...grouped("statistics", single(statistics)), ...slotsOf(rule, zerosLike(w)) },
    scalars: { count: 0 },
  }
  const seconds = await least(async (count) => {
    ;({ state } = await flow(state, fixed, count))
  })
  return { seconds }
}
