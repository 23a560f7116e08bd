// Activation functions: value, derivative, and the change of the value for a change of its argument.
import * as tf from "@tensorflow/tfjs-core"
import { constant, precision } from "../tensor/constant.ts"
import type { ActivationName } from "./activation-name.ts"

export interface Activation {
  readonly value: (u: tf.Tensor) => tf.Tensor
  readonly slope: (u: tf.Tensor) => tf.Tensor
  /** value(u + du) - value(u), to the relative precision of du however small that is. */
  readonly change: (u: tf.Tensor, du: tf.Tensor) => tf.Tensor
}

// Geiger et al. 2019, section 2: (a / beta) ln(1 + e^(beta u)).
const beta = 5
const a = 1.40438

const softplus: Activation = {
  value: (u) => tf.mul(constant(a / beta), tf.softplus(tf.mul(constant(beta), u))),
  slope: (u) => tf.mul(constant(a), tf.sigmoid(tf.mul(constant(beta), u))),
  // Small changes by Taylor's series, whose coefficients do not change while a net is trained from u; others by plain
  // difference, in which nothing cancels then. Where all are small, as in the lazy regime, nothing else is computed.
  change: (u, du) => {
    const { reach, terms } = series[precision()]
    const small = tf.less(tf.abs(du), constant(reach / beta))
    const near = taylor(u, du, terms)
    const plain = tf.sub(softplus.value(tf.add(u, du)), softplus.value(u))
    return tf.where(tf.less(tf.max(tf.abs(du)), constant(reach / beta)), near, tf.where(small, near, plain))
  },
}

/** Up to which |beta du|, and how many terms: the first left out is rounding, and so is what a plain difference loses. */
const series = { float32: { reach: 2 ** -4, terms: 4 }, float64: { reach: 2 ** -8, terms: 5 } } as const

/** With s the sigmoid at u and p = s (1 - s), the derivatives of ln(1 + e^x) are s, p, p (1 - 2 s), p (1 - 6 p), p (1 - 2 s)(1 - 12 p). */
const taylor = (u: tf.Tensor, du: tf.Tensor, terms: number): tf.Tensor => {
  const s = tf.sigmoid(tf.mul(constant(beta), u))
  const p = tf.mul(s, tf.sub(1, s))
  const skew = tf.mul(p, tf.sub(1, tf.mul(2, s)))
  const derivatives = [s, p, skew, tf.mul(p, tf.sub(1, tf.mul(6, p))), tf.mul(skew, tf.sub(1, tf.mul(12, p)))].slice(0, terms)
  let factor = a / beta
  const coefficients = derivatives.map((derivative, k) => tf.mul(constant((factor *= beta / (k + 1))), derivative))
  return tf.mul(du, coefficients.reduceRight((sum, coefficient) => tf.add(tf.mul(sum, du), coefficient)))
}

const scaledRelu = (scale: number): Activation => ({
  value: (u) => times(scale, tf.relu(u)),
  // Slope 0 at 0.
  slope: (u) => times(scale, tf.step(u)),
  // On: du, but at most down to zero. Off: nothing, or what is above zero of u + du.
  change: (u, du) => times(scale, tf.add(tf.maximum(du, tf.neg(u)), tf.minimum(u, 0))),
})

const times = (scale: number, x: tf.Tensor): tf.Tensor => (scale === 1 ? x : tf.mul(constant(scale), x))

const tanh: Activation = {
  value: (u) => tf.tanh(u),
  slope: (u) => tf.sub(1, tf.square(tf.tanh(u))),
  // tanh(u + du) - tanh(u) = tanh(du) (1 - tanh(u) tanh(u + du)).
  change: (u, du) => tf.mul(tf.tanh(du), tf.sub(1, tf.mul(tf.tanh(u), tf.tanh(tf.add(u, du))))),
}

export const activations: { readonly [name in ActivationName]: Activation } = {
  softplus,
  relu: scaledRelu(Math.SQRT2),
  "plain-relu": scaledRelu(1),
  tanh,
}
