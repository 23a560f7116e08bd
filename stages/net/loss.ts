// Losses of margins, in the units of Geiger et al. 2019, eq. 5: the loss times alpha^2, which is 1 at the start
// for the hinge and O(1) in every regime.
import * as tf from "@tensorflow/tfjs-core"

/** Mean of max(0, 1 - y F) over the points: F = alpha (f - f0) and y are (n). */
export const hinge = (F: tf.Tensor, y: tf.Tensor): tf.Scalar => tf.mean(tf.relu(tf.sub(tf.onesLike(F), tf.mul(y, F))))
