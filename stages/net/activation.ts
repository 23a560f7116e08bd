// Activation functions: the value, the derivative, and the change of the value for a change of the argument. Knows
// nothing about layers.
import * as tf from "@tensorflow/tfjs-core"
import { constant, precision } from "../tensor/constant.ts"
import type { ActivationName } from "./activation-name.ts"

export interface Activation {
  readonly value: (u: tf.Tensor) => tf.Tensor
  readonly slope: (u: tf.Tensor) => tf.Tensor
  /** value(u + du) - value(u), to the relative precision of du, however small du is. */
  readonly change: (u: tf.Tensor, du: tf.Tensor) => tf.Tensor
  /** slope(u + du), from numbers that `change` computes anyway. Without this function, use `slope` of u + du. */
  readonly slopeAfter?: (u: tf.Tensor, du: tf.Tensor) => tf.Tensor
}

// Geiger et al. 2019, section 2: (a / beta) ln(1 + e^(beta u)).
const beta = 5
const a = 1.40438
/** The same softplus for plain numbers. */
export const plainSoftplus = {
  value: (u: number): number => (a / beta) * (Math.max(0, beta * u) + Math.log1p(Math.exp(-Math.abs(beta * u)))),
  slope: (u: number): number => a / (1 + Math.exp(-beta * u)),
} as const

const steep = (u: tf.Tensor): tf.Tensor => tf.mul(constant(beta), u)
const softplusOf = (v: tf.Tensor): tf.Tensor => tf.mul(constant(a / beta), tf.softplus(v))

const softplus: Activation = {
  value: (u) => softplusOf(steep(u)),
  slope: (u) => tf.mul(constant(a), tf.sigmoid(steep(u))),
  // Small changes use Taylor's series. Its coefficients stay constant while a net is trained from u. Larger changes use
  // the plain difference, in which nothing cancels. If all changes are small, as in the lazy regime, only the series is
  // computed.
  change: (u, du) => {
    const [v, x] = [steep(u), steep(du)]
    const { reach, terms } = series[precision()]
    const near = tf.mul(x, polynomial(coefficients(v, terms), x))
    const plain = tf.sub(softplusOf(tf.add(v, x)), softplusOf(v))
    const size = tf.abs(x)
    return tf.where(tf.less(tf.max(size), constant(reach)), near, tf.where(tf.less(size, constant(reach)), near, plain))
  },
  // Not slope(u + du): the sum v + x is already computed.
  slopeAfter: (u, du) => tf.mul(constant(a), tf.sigmoid(tf.add(steep(u), steep(du)))),
}

/**
 * `reach`: the series is used up to this |x|. `terms`: its number of terms. The first term left out is of the size of
 * rounding. Beyond `reach` a plain difference loses no more than rounding.
 */
const series = { float32: { reach: 2 ** -6, terms: 3 }, float64: { reach: 2 ** -8, terms: 5 } } as const

/**
 * The coefficients of x, x^2, … in the change of softplus at v. With s the sigmoid at v and p = s (1 - s), the
 * derivatives of ln(1 + e^v) are s, p, p (1 - 2 s), p (1 - 6 p), p (1 - 2 s)(1 - 12 p). Constant factors are multiplied
 * into the differences such as 1 - 2 s, whose numbers do not change during training.
 */
const coefficients = (v: tf.Tensor, terms: number): ReadonlyArray<tf.Tensor> => {
  const s = tf.sigmoid(v)
  const p = tf.mul(s, tf.sub(1, s))
  const [f1, f2, f3, f4, f5] = [1, 2, 6, 24, 120].map((factorial) => a / beta / factorial) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return [
    tf.mul(constant(f1), s),
    tf.mul(constant(f2), p),
    tf.mul(p, less(f3, s, 2)),
    tf.mul(p, less(f4, p, 6)),
    tf.mul(tf.mul(p, less(1, s, 2)), less(f5, p, 12)),
  ].slice(0, terms)
}

/** factor (1 - times x). */
const less = (factor: number, x: tf.Tensor, times: number): tf.Tensor =>
  tf.sub(constant(factor), tf.mul(constant(factor * times), x))

/** c[0] + c[1] x + c[2] x^2 + … */
const polynomial = (c: ReadonlyArray<tf.Tensor>, x: tf.Tensor): tf.Tensor =>
  c.reduceRight((sum, coefficient) => tf.add(tf.mul(sum, x), coefficient))

const scaledRelu = (scale: number): Activation => ({
  value: (u) => times(scale, tf.relu(u)),
  // The slope at 0 is 0.
  slope: (u) => times(scale, tf.step(u)),
  // Active unit (u > 0): du, but at least -u. Inactive unit: the part of u + du above zero.
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
