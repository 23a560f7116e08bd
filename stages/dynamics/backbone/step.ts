// One step of Adam on EfficientNet-B0 with its classifier, for `iterate`: batch norm by the batch, softmax
// cross-entropy, drop-connect. Knows nothing about where the batches come from.
import * as tf from "@tensorflow/tfjs-core"
import { groupOf, grouped } from "../../net/group.ts"
import { losses } from "../../net/loss.ts"
import type { Weights } from "../../net/model.ts"
import { constant } from "../../tensor/constant.ts"
import type { Step } from "../../tensor/step.ts"
import { type Optimizer } from "../descend/optimizer-params.ts"
import { optimizerOf, stepped } from "../descend/optimizer.ts"
import { pack, type Shapes, unpack } from "../pack.ts"
import { backboneOf } from "./net.ts"

/**
 * Carries the trained arrays `w` and the optimiser's arrays in packs, and the moving statistics by name; `count`, the
 * number of steps so far, and `at`, the steps of this call. The fixed arrays are the batches of this call, x (steps,
 * batch, side, side, 1), y (steps, batch) and uniforms (steps, batch, drops), and `frozen.${name}`. Each step reports
 * the loss before it, and the fraction of its images that are right.
 */
export const backboneStep = (
  shapes: Shapes,
  optimizer: Optimizer,
  rate: number,
): Step<string, "count" | "at", string, "loss" | "right"> => {
  const rule = optimizerOf(optimizer)
  return ({ arrays, scalars, fixed }, scalar) => {
    const count = scalar.add(scalars.count, 1)
    const place = tf.cast(scalar.float(scalars.at), "int32")
    const batch = (name: string): tf.Tensor => tf.gather(fixed[name]!, place)
    const [x, y, uniforms] = [batch("x"), batch("y"), batch("uniforms")]
    const names = Object.keys(shapes)
    const others = { ...groupOf("frozen", fixed), ...groupOf("statistics", arrays) }
    let [statistics, right]: [Weights, tf.Tensor | undefined] = [{}, undefined]
    const { value, grads } = tf.valueAndGrads((...each: Array<tf.Tensor>) => {
      const weights = { ...others, ...Object.fromEntries(names.map((name, i) => [name, each[i]!])) }
      const made = backboneOf(weights, x!, "training", uniforms)
      statistics = Object.fromEntries(Object.entries(made.statistics).map(([name, array]) => [name, tf.keep(array)]))
      const hits = tf.equal(tf.argMax(made.logits, 1), tf.cast(y!, "int32"))
      right = tf.keep(tf.mean(tf.cast(hits, "float32")))
      return losses["softmax-cross-entropy"](made.logits, y!)
    })(Object.values(unpack(groupOf("w", arrays), shapes)))
    const g = pack(Object.fromEntries(names.map((name, i) => [name, grads[i]!])), shapes)
    const moved = stepped(rule, groupOf("w", arrays), g, arrays, {
      lr: constant(rate) as tf.Scalar,
      count: scalar.float(count),
    })
    return {
      arrays: { ...grouped("w", moved.w), ...grouped("statistics", statistics), ...moved.arrays },
      scalars: { count, at: scalar.add(scalars.at, 1) },
      more: scalar.less(0, count),
      row: { loss: scalar.read(value), right: scalar.read(right!) },
    }
  }
}
