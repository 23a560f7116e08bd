// EfficientNet-B0 without its top, for images (n, side, side, channels) of 0 to 255. The images are rescaled and
// normalised; then come a 3 x 3 convolution with stride 2, seven groups of inverted bottlenecks with squeeze and
// excitation, and a 1 x 1 convolution. Batch norm follows each convolution, and swish follows, except at the end of a
// block. This net is no Model: in training, batch norm uses all points at once. It draws nothing: the random numbers of
// drop-connect are an input. Source: Tan and Le 2019; keras.applications.EfficientNetB0(include_top=False,
// weights=None).
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../../tensor/constant.ts"
import type { Weight, Weights } from "../model.ts"
import { BLOCKS, type Block, SHORTCUTS, efficientNetArrays } from "./efficientnet-arrays.ts"

/** The arrays of the net, trained and frozen, for images of this many channels. */
export const efficientNet = (channels: number): { readonly weights: Readonly<Record<string, Weight>> } => ({
  weights: Object.fromEntries(efficientNetArrays(channels)),
})

/** How many uniform numbers drop-connect takes for each image. */
export const drops = SHORTCUTS.length

/** Batch norm uses the statistics of the batch in training, and the moving statistics in inference. */
export type Mode = "training" | "inference"

export interface Features {
  /** (n, side / 32, side / 32, 1280). */
  readonly features: tf.Tensor
  /** In training: the moving means and variances after this batch, under their names. */
  readonly statistics: Weights
}

const EPSILON = 1e-3
const MOMENTUM = 0.99
const DROP_RATE = 0.2

const swish = (u: tf.Tensor): tf.Tensor => tf.mul(u, tf.sigmoid(u))

/** (x - mean) gamma / sqrt(variance + epsilon) + beta. */
const normalised = (centred: tf.Tensor, variance: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(centred, tf.mul(gamma, tf.rsqrt(tf.add(variance, constant(EPSILON))))), beta)

const moved = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(old, constant(MOMENTUM)), tf.mul(now, constant(1 - MOMENTUM)))

/**
 * Features of images x. In training, `uniforms` (n, drops), in [0, 1), decide which images pass which blocks by the
 * shortcut alone. Without `uniforms` no image does.
 */
export const featuresOf = (weights: Weights, x: tf.Tensor, mode: Mode, uniforms?: tf.Tensor): Features => {
  const statistics: Record<string, tf.Tensor> = {}
  const at = (name: string): tf.Tensor => weights[name]!

  const batchNorm = (name: string, z: tf.Tensor): tf.Tensor => {
    const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((array) =>
      at(`${name}/${array}`),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    if (mode === "inference") return normalised(tf.sub(z, mean), variance, gamma, beta)
    const batchMean = tf.mean(z, [0, 1, 2])
    const centred = tf.sub(z, batchMean)
    const batchVariance = tf.mean(tf.square(centred), [0, 1, 2])
    // The same as the fused kernel that Keras 2 runs: it stores the unbiased variance, but divides by the biased
    // variance.
    const count = z.size / z.shape.at(-1)!
    statistics[`${name}/moving_mean`] = moved(mean, batchMean)
    statistics[`${name}/moving_variance`] = moved(
      variance,
      tf.mul(batchVariance, constant(count / Math.max(1, count - 1))),
    )
    return normalised(centred, batchVariance, gamma, beta)
  }
  // Padding "same" equals the explicit padding of Keras at stride 2: the odd zero comes after the image.
  const convolved = (name: string, z: tf.Tensor, stride = 1): tf.Tensor =>
    tf.conv2d(z as tf.Tensor4D, at(`${name}/kernel`) as tf.Tensor4D, stride, "same")
  const biased = (name: string, z: tf.Tensor): tf.Tensor => tf.add(convolved(name, z), at(`${name}/bias`))

  /** The drop rate grows from block to block, from 0 before the first block to DROP_RATE after the last. */
  const dropped = (block: Block, z: tf.Tensor): tf.Tensor => {
    if (mode === "inference" || uniforms === undefined) return z
    const rate = (DROP_RATE * BLOCKS.indexOf(block)) / BLOCKS.length
    const column = tf.slice(uniforms, [0, SHORTCUTS.indexOf(block)], [uniforms.shape[0]!, 1])
    const factor = tf.where(tf.greaterEqual(column, constant(rate)), constant(1 / (1 - rate)), constant(0))
    return tf.mul(z, tf.reshape(factor, [-1, 1, 1, 1]))
  }

  const pass = (z: tf.Tensor, block: Block): tf.Tensor => {
    const { name, expansion, stride } = block
    const expanded = expansion === 1 ? z : swish(batchNorm(`${name}_expand_bn`, convolved(`${name}_expand_conv`, z)))
    const filtered = tf.depthwiseConv2d(
      expanded as tf.Tensor4D,
      at(`${name}_dwconv/depthwise_kernel`) as tf.Tensor4D,
      stride,
      "same",
    )
    const inner = swish(batchNorm(`${name}_bn`, filtered))
    const squeezed = swish(biased(`${name}_se_reduce`, tf.mean(inner, [1, 2], true)))
    const excited = tf.mul(inner, tf.sigmoid(biased(`${name}_se_expand`, squeezed)))
    const made = batchNorm(`${name}_project_bn`, convolved(`${name}_project_conv`, excited))
    return SHORTCUTS.includes(block) ? tf.add(dropped(block, made), z) : made
  }

  const rescaled = tf.mul(x, constant(1 / 255))
  const deviation = tf.maximum(tf.sqrt(at("normalization/variance")), constant(1e-7))
  const stem = convolved("stem_conv", tf.div(tf.sub(rescaled, at("normalization/mean")), deviation), 2)
  const last = BLOCKS.reduce(pass, swish(batchNorm("stem_bn", stem)))
  return { features: swish(batchNorm("top_bn", convolved("top_conv", last))), statistics }
}
