// The root mean square of all numbers of an array. Knows nothing about what the numbers are.
import * as tf from "@tensorflow/tfjs-core"

export const rms = (values: tf.Tensor): tf.Tensor => tf.sqrt(tf.mean(tf.square(values)))
