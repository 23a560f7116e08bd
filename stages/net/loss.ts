// Losses of F = alpha (f - f0), in the units of Geiger et al. 2019, eq. 5: alpha^2 times the loss, a mean over points.
// y is +1 or -1 for hinge and logistic, the target of F for the square loss, a class number for softmax, and the
// weights of the classes for categorical. Knows nothing about nets.
import * as tf from "@tensorflow/tfjs-core"
import type { LossName } from "./loss-name.ts"

/** The loss of each point, (n); F is (n) or (n, outputs). */
type PointLoss = (F: tf.Tensor, y: tf.Tensor) => tf.Tensor

export type Loss = (F: tf.Tensor, y: tf.Tensor) => tf.Scalar

export const pointLosses: { readonly [name in LossName]: PointLoss } = {
  /** max(0, 1 - y F): 1 at the start. */
  hinge: (F, y) => tf.relu(tf.sub(tf.onesLike(F), tf.mul(y, F))),
  /** (F - y)^2 / 2, summed over outputs. */
  square: (F, y) => {
    const squares = tf.square(tf.sub(F, y))
    return tf.div(F.rank === 1 ? squares : tf.sum(squares, 1), 2)
  },
  /** ln(1 + e^(-y F)): the binary cross-entropy with logits F. */
  logistic: (F, y) => tf.softplus(tf.neg(tf.mul(y, F))),
  /** The cross-entropy with logits F (n, classes); y (n) are class numbers. */
  "softmax-cross-entropy": (F, y) => {
    const chosen = tf.oneHot(tf.cast(y, "int32") as tf.Tensor1D, F.shape[1]!)
    return tf.neg(tf.sum(tf.mul(tf.logSoftmax(F), tf.cast(chosen, F.dtype)), 1))
  },
  /**
   * The cross-entropy of the weights y with the softmax of F, both (n, outputs), or (n) for one output. The softmax of
   * one output is 1 for every net: its loss and its gradient are exactly zero.
   */
  "categorical-cross-entropy": (F, y) => {
    const n = F.shape[0]!
    const weights = tf.cast(tf.reshape(y, [n, -1]), F.dtype)
    return tf.neg(tf.sum(tf.mul(tf.logSoftmax(tf.reshape(F, [n, -1])), weights), 1))
  },
}

const mean =
  (points: PointLoss): Loss =>
  (F, y) =>
    tf.mean(points(F, y))

export const losses: { readonly [name in LossName]: Loss } = {
  hinge: mean(pointLosses.hinge),
  square: mean(pointLosses.square),
  logistic: mean(pointLosses.logistic),
  "softmax-cross-entropy": mean(pointLosses["softmax-cross-entropy"]),
  "categorical-cross-entropy": mean(pointLosses["categorical-cross-entropy"]),
}
