// EfficientNet-B0 with a classifier on top: the average over the image, a hidden layer, ten classes. Images have one
// channel. Its arrays are those of EfficientNet-B0 and W0, B0, W1, B1 of the classifier. Knows nothing about training.
// Source: Kearns, Munyuza and Brosh 2023, section 5 and its program.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../../pipeline/stage.ts"
import { zeros, type Distribution } from "../../net/distribution.ts"
import { part, type Weight, type Weights } from "../../net/model.ts"
import { arraysOf } from "../../net/models/draw.ts"
import { efficientNet, featuresOf, type Mode } from "../../net/models/efficientnet.ts"

const FEATURES = 1280
const CLASSES = 10
const glorot: Distribution = { kind: "xavier-uniform", gain: 1 }

/** The arrays of the net for a classifier with `hidden` units. */
export const backboneNet = (hidden: number): { readonly weights: Readonly<Record<string, Weight>> } => ({
  weights: {
    ...efficientNet(1).weights,
    ...Object.fromEntries([
      ...arraysOf("0", [FEATURES, hidden], glorot, zeros),
      ...arraysOf("1", [hidden, CLASSES], glorot, zeros),
    ]),
  },
})

/** The frozen arrays: the moving statistics of batch norm, which change in training, and those that never change. */
export const frozenParts = (net: ReturnType<typeof backboneNet>, arrays: Tensors) => {
  const frozen = Object.entries(part(net, "frozen", arrays))
  const those = (moving: boolean): Tensors =>
    Object.fromEntries(frozen.filter(([name]) => name.includes("/moving_") === moving))
  return { statistics: those(true), fixed: those(false) }
}

const dense = (z: tf.Tensor, W: tf.Tensor, B: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(z as tf.Tensor2D, W as tf.Tensor2D), B)

/**
 * For images x (n, side, side, 1) of 0 to 255: the features (n, 1280), the logits (n, 10) and, in training, the moving
 * statistics after this batch. `uniforms` (n, drops) are the random numbers of drop-connect.
 */
export const backboneOf = (weights: Weights, x: tf.Tensor, mode: Mode, uniforms?: tf.Tensor) => {
  const made = featuresOf(weights, x, mode, uniforms)
  const features = tf.mean(made.features, [1, 2])
  const hidden = tf.relu(dense(features, weights["W0"]!, weights["B0"]!))
  return { features, logits: dense(hidden, weights["W1"]!, weights["B1"]!), statistics: made.statistics }
}
