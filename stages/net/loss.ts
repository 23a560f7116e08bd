// Losses of F = alpha (f - f0), in the units of Geiger et al. 2019, eq. 5: alpha^2 times the loss, a mean over points.
// y is +1 or -1 for margins, what F should be for the square loss, and a class number for softmax.
import * as tf from "@tensorflow/tfjs-core"
import type { LossName } from "./loss-name.ts"

/** F (n) or (n, outputs). */
export type Loss = (F: tf.Tensor, y: tf.Tensor) => tf.Scalar

export const losses: { readonly [name in LossName]: Loss } = {
  /** max(0, 1 - y F): 1 at the start. */
  hinge: (F, y) => tf.mean(tf.relu(tf.sub(tf.onesLike(F), tf.mul(y, F)))),
  /** (F - y)^2 / 2, summed over outputs. */
  square: (F, y) => tf.div(tf.sum(tf.square(tf.sub(F, y))), 2 * F.shape[0]!),
  /** ln(1 + e^(-y F)): the binary cross-entropy with logits F. */
  logistic: (F, y) => tf.mean(tf.softplus(tf.neg(tf.mul(y, F)))),
  /** The cross-entropy with logits F (n, classes); y (n) are class numbers. */
  "softmax-cross-entropy": (F, y) => {
    const chosen = tf.oneHot(tf.cast(y, "int32") as tf.Tensor1D, F.shape[1]!)
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(F), tf.cast(chosen, F.dtype)), 1)))
  },
}
