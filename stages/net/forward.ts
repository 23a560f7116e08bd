// The forward pass of a net: arrays go in, outputs come out. Knows nothing about gradients.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../tensor/constant.ts"
import { activations } from "./activation.ts"
import type { Layers, Linear } from "./layers.ts"
import type { Model, Weights } from "./model.ts"
import { convolution, matrix } from "./product.ts"

const scaled = (factor: number, z: tf.Tensor): tf.Tensor => (factor === 1 ? z : tf.mul(z, constant(factor)))

/** Scales the product of a layer with weights, and adds the bias. */
const finished = (weights: Weights, { name, scale, bias }: Linear, made: tf.Tensor): tf.Tensor =>
  bias ? tf.add(scaled(scale, made), weights[`B${name}`]!) : scaled(scale, made)

export const values = (weights: Weights): Layers<tf.Tensor> => ({
  dense: (layer, z) => finished(weights, layer, matrix.value(z, weights[`W${layer.name}`]!)),
  conv: (layer, z, geometry) => finished(weights, layer, convolution(geometry).value(z, weights[`W${layer.name}`]!)),
  activate: (name, u) => activations[name].value(u),
  slope: (name, u) => activations[name].slope(u),
  add: tf.add,
  times: tf.mul,
  scale: scaled,
  sum: (z) => tf.sum(z, -1, true),
  average: (z) => tf.mean(z, [1, 2]),
  maxPool: (z, side) => tf.maxPool(z as tf.Tensor4D, side, side, "valid"),
  flatten: (z) => tf.reshape(z, [z.shape[0]!, -1]),
})

/** f(w, x): (n) for one output, (n, outputs) for several outputs. */
export const forward = (model: Pick<Model, "apply">, weights: Weights, x: tf.Tensor): tf.Tensor =>
  outputsOf(model.apply(values(weights), x))

/** Turns (n, 1) into (n). */
export const outputsOf = (f: tf.Tensor): tf.Tensor => (f.shape[1] === 1 ? tf.reshape(f, [f.shape[0]!]) : f)
