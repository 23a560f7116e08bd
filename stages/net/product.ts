// The products that nets are made of: each is linear in both of its operands. Each product gives its value and its
// gradients by both operands. Knows nothing about layers.
import * as tf from "@tensorflow/tfjs-core"
import type { Geometry } from "./layers.ts"

export interface Product {
  readonly value: (z: tf.Tensor, W: tf.Tensor) => tf.Tensor
  /** The gradients by z and by W, from the gradient dy by the product. */
  readonly slopes: (dy: tf.Tensor, z: tf.Tensor, W: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor]
}

const times = (a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor =>
  tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB)

/** z (n, inputs), W (inputs, outputs). */
export const matrix: Product = {
  value: (z, W) => times(z, W, false, false),
  slopes: (dy, z, W) => [() => times(dy, W, false, true), () => times(z, dy, true, false)],
}

/** Element by element; both operands have the same shape. */
export const elementwise: Product = {
  value: tf.mul,
  slopes: (dy, z, W) => [() => tf.mul(dy, W), () => tf.mul(dy, z)],
}

const kernel = (name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap)

/** Images z (n, height, width, channels), filter W (side, side, channels, outputs). */
export const convolution = ({ stride: strides, pad }: Geometry): Product => {
  const common = { strides, pad, dataFormat: "NHWC" }
  return {
    value: (z, W) => tf.conv2d(z as tf.Tensor4D, W as tf.Tensor4D, strides, pad),
    slopes: (dy, z, W) => [
      () => kernel("Conv2DBackpropInput", { dy, filter: W }, { ...common, inputShape: z.shape }),
      () => kernel("Conv2DBackpropFilter", { x: z, dy }, { ...common, filterShape: W.shape }),
    ],
  }
}
