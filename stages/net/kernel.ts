// The tangent kernel of a fully connected net, layer by layer: no Jacobian is ever formed. With delta the
// gradient of the output by a layer's preactivation and z the layer's input,
//   Theta(x, x') = sum over layers of (delta . delta') (z . z' / fan_in + 1),
// the 1 being the bias. Costs n^2 h L products instead of n^2 h^2 L.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../tensor/constant.ts"
import type { Activation } from "./activation.ts"
import { layers, type Weights } from "./fc.ts"

interface Tangent {
  /** (n, fan in). */
  readonly input: tf.Tensor2D
  /** (n, fan out). */
  readonly delta: tf.Tensor2D
}

const tangents = (weights: Weights, x: tf.Tensor, sigma: Activation): ReadonlyArray<Tangent> => {
  const passed = layers(weights, x, sigma)
  const deltas: Array<tf.Tensor2D> = [tf.ones([x.shape[0]!, 1])]
  for (let l = passed.length - 1; l > 0; l--) {
    const weight = weights[`W${l}`] as tf.Tensor2D
    const back = tf.mul(tf.matMul(deltas[0]!, weight, false, true), constant(1 / Math.sqrt(weight.shape[0])))
    deltas.unshift(tf.mul(back, sigma.slope(passed[l - 1]!.preactivation)))
  }
  return passed.map(({ input }, l) => ({ input, delta: deltas[l]! }))
}

/** Theta between the points a (n, d) and b (m, d): (n, m), over all weights and biases. */
export const tangentKernel = (weights: Weights, a: tf.Tensor, b: tf.Tensor, sigma: Activation): tf.Tensor2D => {
  const [left, right] = [tangents(weights, a, sigma), tangents(weights, b, sigma)]
  const parts = left.map(({ input, delta }, l) => {
    const inner = tf.mul(tf.matMul(input, right[l]!.input, false, true), constant(1 / input.shape[1]))
    return tf.mul(tf.matMul(delta, right[l]!.delta, false, true), tf.add(inner, constant(1)))
  })
  return parts.reduce((sum, part) => tf.add(sum, part)) as tf.Tensor2D
}
