// Activation functions and their derivatives, scaled so that a unit Gaussian comes out with E[sigma^2] = 1.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../tensor/constant.ts"
import type { ActivationName } from "./activation-name.ts"

export interface Activation {
  readonly value: (u: tf.Tensor) => tf.Tensor
  readonly slope: (u: tf.Tensor) => tf.Tensor
}

// Geiger et al. 2019, section 2: (a / beta) ln(1 + e^(beta u)).
const beta = 5
const a = 1.40438

export const activations: { readonly [name in ActivationName]: Activation } = {
  softplus: {
    value: (u) => tf.mul(constant(a / beta), tf.softplus(tf.mul(constant(beta), u))),
    slope: (u) => tf.mul(constant(a), tf.sigmoid(tf.mul(constant(beta), u))),
  },
  // sqrt(2) max(0, u), with slope 0 at 0.
  relu: {
    value: (u) => tf.mul(constant(Math.SQRT2), tf.relu(u)),
    slope: (u) => tf.mul(constant(Math.SQRT2), tf.step(u)),
  },
}
