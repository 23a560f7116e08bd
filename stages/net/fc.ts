// The fully connected net in NTK parametrisation, as a plain function of arrays. Depth and width are read off
// the weights: W0 (d, h), W1 … (h, h), W[L] (h, 1), biases B0 … B[L]. Knows nothing of data, loss and dynamics.
// Source: Geiger et al. 2019, appendix B (eq. 21 and 22, with z where the text has the preactivation).
import * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../pipeline/stage.ts"
import { constant } from "../tensor/constant.ts"
import type { Activation } from "./activation.ts"

export interface Weights { readonly [name: string]: tf.Tensor }

/** One layer's input and what it makes of it, for n points. */
export interface Layer {
  /** (n, fan in). */
  readonly input: tf.Tensor2D
  /** (n, fan out): input W / sqrt(fan in) + B. */
  readonly preactivation: tf.Tensor2D
}

/** How many layers of weights: hidden layers and one. */
export const layerCount = (weights: { readonly [name: string]: unknown }): number => Object.keys(weights).filter((name) => /^W\d+$/.test(name)).length

/** Every layer for the points x (n, d), the first one first; the last preactivation is the output (n, 1). */
export const layers = (weights: Weights, x: tf.Tensor, sigma: Activation): ReadonlyArray<Layer> => {
  const passed: Array<Layer> = []
  for (let l = 0; l < layerCount(weights); l++) {
    const input = (l === 0 ? x : sigma.value(passed[l - 1]!.preactivation)) as tf.Tensor2D
    const weight = weights[`W${l}`] as tf.Tensor2D
    const scaled = tf.mul(tf.matMul(input, weight), constant(1 / Math.sqrt(weight.shape[0])))
    passed.push({ input, preactivation: tf.add(scaled, weights[`B${l}`]!) })
  }
  return passed
}

/** f(w, x): (n). */
export const forward = (weights: Weights, x: tf.Tensor, sigma: Activation): tf.Tensor1D => {
  const output = layers(weights, x, sigma).at(-1)!.preactivation
  return tf.reshape(output, [output.shape[0]])
}

/** The arrays of a group, named `group.name`, so that several groups travel in one record. */
export const grouped = <G extends string, V>(group: G, arrays: { readonly [name: string]: V }): { readonly [name: string]: V } =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${group}.${name}`, array]))

/** The arrays of one group out of a record of several. */
export const groupOf = <V>(group: string, arrays: { readonly [name: string]: V }): { readonly [name: string]: V } =>
  Object.fromEntries(Object.entries(arrays).flatMap(([name, array]) => (name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), array]] : [])))

/** The width h of a net. */
export const widthOf = (weights: Tensors): number => weights["W0"]!.shape[1]!
