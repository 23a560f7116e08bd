// Computes how each point's output depends on each layer with weights; kernel.ts builds the tangent kernel from this. A
// zero is added to every preactivation u. The gradient of the output by those zeros is delta = df/du, for all points at
// once, since the output of a point does not depend on another point. Knows nothing about kernels.
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../tensor/constant.ts"
import type { Geometry, Layers, Linear } from "./layers.ts"
import type { Model, Weights } from "./model.ts"
import { values } from "./forward.ts"

/** A layer with weights during the pass: its input, and the shape of its output. */
interface Passed {
  readonly layer: Linear
  readonly geometry?: Geometry
  readonly input: tf.Tensor
  readonly shape: ReadonlyArray<number>
}

/** The forward pass. Calls `tap` for each layer with weights, and adds the result of `tap` to its preactivation. */
const tapped = (weights: Weights, tap: (passed: Passed) => tf.Tensor): Layers<tf.Tensor> => {
  const plain = values(weights)
  return {
    ...plain,
    dense: (layer, input) => {
      const u = plain.dense(layer, input)
      return tf.add(u, tap({ layer, input, shape: u.shape }))
    },
    conv: (layer, input, geometry) => {
      const u = plain.conv(layer, input, geometry)
      return tf.add(u, tap({ layer, input, geometry, shape: u.shape }))
    },
  }
}

type Apply = Pick<Model, "apply" | "weights">

const layersPassed = (
  { apply }: Apply,
  weights: Weights,
  x: tf.Tensor,
): { readonly passed: ReadonlyArray<Passed>; readonly outputs: number } => {
  const passed: Array<Passed> = []
  const f = apply(
    tapped(weights, (each) => (passed.push(each), tf.zeros([...each.shape]))),
    x,
  )
  return { passed, outputs: f.shape[1]! }
}

/** delta of every layer, for one output of the net. */
const deltasOf = (
  { apply }: Apply,
  weights: Weights,
  x: tf.Tensor,
  passed: ReadonlyArray<Passed>,
  output: number,
): ReadonlyArray<tf.Tensor> => {
  const f = (...taps: Array<tf.Tensor>): tf.Tensor => {
    const made = apply(
      tapped(weights, ({ layer }) => taps[passed.findIndex((each) => each.layer.name === layer.name)]!),
      x,
    )
    return tf.sum(tf.slice(made, [0, output], [made.shape[0]!, 1]))
  }
  return tf.grads(f)(passed.map(({ shape }) => tf.zeros([...shape])))
}

/** (n, taps * channels, positions): the input values that the filter reads at each position. */
const patches = (
  z: tf.Tensor,
  [side]: ReadonlyArray<number>,
  { stride, pad }: Geometry,
  [, height, width]: ReadonlyArray<number>,
): tf.Tensor => {
  const around = tf.pad(tf.transpose(z, [0, 3, 1, 2]), [
    [0, 0],
    [0, 0],
    [pad, pad],
    [pad, pad],
  ])
  const [n, , , channels] = z.shape as [number, number, number, number]
  const taps = Array.from({ length: side! ** 2 }, (_, k) => [Math.floor(k / side!), k % side!] as const)
  const read = taps.map(([i, j]) =>
    tf.stridedSlice(
      around,
      [0, 0, i, j],
      [n, channels, i + stride * (height! - 1) + 1, j + stride * (width! - 1) + 1],
      [1, 1, stride, stride],
    ),
  )
  return tf.reshape(tf.concat(read, 1), [n, taps.length * channels, height! * width!])
}

const scaled = (scale: number, z: tf.Tensor): tf.Tensor => (scale === 1 ? z : tf.mul(z, constant(scale)))

/**
 * For each layer whose weights are trained, for the points x. A dense layer gives `${name}.z` (n, fan in + bias), its
 * scaled inputs, and `${name}.delta` (n, outputs * fan out). A convolution gives `${name}.W` (n, outputs * weights)
 * and, with biases, `${name}.B` (n, outputs * biases), the gradients of each point.
 */
export const tangentsOf = (model: Apply, weights: Weights, x: tf.Tensor): Readonly<Record<string, tf.Tensor>> => {
  const { passed, outputs } = layersPassed(model, weights, x)
  const deltas = Array.from({ length: outputs }, (_, output) => deltasOf(model, weights, x, passed, output))
  const arrays = passed.map(({ layer, geometry, input, shape }, l): Readonly<Record<string, tf.Tensor>> => {
    const { name, scale, bias } = layer
    if (model.weights[`W${name}`]!.frozen === true) return {}
    const own = deltas.map((delta) => delta[l]!)
    const z = scaled(scale, input)
    // A bias is a weight whose input is 1.
    if (geometry === undefined)
      return {
        [`${name}.z`]: bias ? tf.concat([z, tf.ones([z.shape[0]!, 1])], 1) : z,
        [`${name}.delta`]: tf.concat(own, 1),
      }
    const [n, height, width, fanOut] = shape as readonly [number, number, number, number]
    // All outputs in one product, since a wide product is faster than many narrow ones.
    const slopes = tf.concat(
      own.map((delta) => tf.reshape(delta, [n, height * width, fanOut])),
      2,
    )
    const products = tf.matMul(patches(z, model.weights[`W${name}`]!.shape, geometry, shape), slopes)
    return { [`${name}.W`]: tf.reshape(products, [n, -1]), ...(bias && { [`${name}.B`]: tf.sum(slopes, 1) }) }
  })
  return Object.assign({}, ...arrays) as Readonly<Record<string, tf.Tensor>>
}
