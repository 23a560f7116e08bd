// The net of the experiments once more, in plain loops and float64: output, gradient, and kernel from explicit
// Jacobians. Written from the formulas (G-FC), so that it shares nothing with stages/net.
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { stream } from "../../../stages/random.ts"

export type Name = "softplus" | "relu"

export const sigma: Readonly<
  Record<Name, { readonly value: (u: number) => number; readonly slope: (u: number) => number }>
> = {
  // max(u, 0) + log1p(e^-|u|) is ln(1 + e^u) without overflow.
  softplus: {
    value: (u) => (1.40438 / 5) * (Math.max(5 * u, 0) + Math.log1p(Math.exp(-Math.abs(5 * u)))),
    slope: (u) => 1.40438 / (1 + Math.exp(-5 * u)),
  },
  relu: { value: (u) => Math.SQRT2 * Math.max(0, u), slope: (u) => (u > 0 ? Math.SQRT2 : 0) },
}

/** Random weights and biases, nothing zero. */
export const someWeights = (seed: number, inputs: number, depth: number, width: number): Tensors => {
  const sizes = [inputs, ...Array.from({ length: depth }, () => width), 1]
  const array = (name: string, shape: ReadonlyArray<number>): readonly [string, Tensor] => [
    name,
    { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, stream(seed, name).normal) },
  ]
  return Object.fromEntries(
    sizes.slice(1).flatMap((fanOut, l) => [array(`W${l}`, [sizes[l]!, fanOut]), array(`B${l}`, [fanOut])]),
  )
}

export const somePoints = (seed: number, count: number, inputs: number): Tensor => ({
  shape: [count, inputs],
  data: Float64Array.from({ length: count * inputs }, stream(seed, "points").normal),
})

export interface Gradient {
  readonly [name: string]: Float64Array
}

/** f(w, x) for one point x, and its gradient by every weight and bias. */
export const plainNet = (
  weights: Tensors,
  x: ArrayLike<number>,
  name: Name,
): { readonly f: number; readonly gradient: Gradient } => {
  const depth = Object.keys(weights).length / 2
  const inputs: Array<ReadonlyArray<number>> = [Array.from(x)]
  const sums: Array<ReadonlyArray<number>> = []
  for (let l = 0; l < depth; l++) {
    const {
      shape: [fanIn = 0, fanOut = 0],
      data,
    } = weights[`W${l}`]!
    const sum = Array.from({ length: fanOut }, (_, j) => {
      let total = 0
      for (let i = 0; i < fanIn; i++) total += inputs[l]![i]! * data[i * fanOut + j]!
      return total / Math.sqrt(fanIn) + weights[`B${l}`]!.data[j]!
    })
    sums.push(sum)
    inputs.push(sum.map(sigma[name].value))
  }
  const gradient: { [name: string]: Float64Array } = {}
  let delta: ReadonlyArray<number> = [1]
  for (let l = depth - 1; l >= 0; l--) {
    const {
      shape: [fanIn = 0, fanOut = 0],
      data,
    } = weights[`W${l}`]!
    gradient[`W${l}`] = Float64Array.from(
      { length: fanIn * fanOut },
      (_, ij) => (inputs[l]![Math.floor(ij / fanOut)]! * delta[ij % fanOut]!) / Math.sqrt(fanIn),
    )
    gradient[`B${l}`] = Float64Array.from(delta)
    if (l === 0) break
    const after = delta
    delta = sums[l - 1]!.map((sum, i) => {
      let total = 0
      for (let j = 0; j < fanOut; j++) total += data[i * fanOut + j]! * after[j]!
      return (total / Math.sqrt(fanIn)) * sigma[name].slope(sum)
    })
  }
  return { f: sums.at(-1)![0]!, gradient }
}

export const rowOf = ({ shape: [, width = 0], data }: Tensor, i: number): Tensor["data"] =>
  data.subarray(i * width, (i + 1) * width)

/** f at every point. */
export const plainOutputs = (weights: Tensors, x: Tensor, name: Name): Float64Array =>
  Float64Array.from({ length: x.shape[0]! }, (_, i) => plainNet(weights, rowOf(x, i), name).f)

/** Products of the gradients at the points a (n) with those at b (m): (n, m). */
export const plainKernel = (weights: Tensors, a: Tensor, b: Tensor, name: Name): Float64Array => {
  const [left, right] = [a, b].map((points) =>
    Array.from({ length: points.shape[0]! }, (_, i) => plainNet(weights, rowOf(points, i), name).gradient),
  )
  return Float64Array.from(
    left!.flatMap((one) =>
      right!.map((other) =>
        Object.keys(one).reduce(
          (sum, key) => sum + one[key]!.reduce((part, value, k) => part + value * other[key]![k]!, 0),
          0,
        ),
      ),
    ),
  )
}

/** The net whose output is one unit's preactivation in a layer. */
export const cut = (weights: Tensors, layer: number, unit: number): Tensors => {
  const {
    shape: [fanIn = 0, fanOut = 0],
    data,
  } = weights[`W${layer}`]!
  const before = Array.from({ length: layer }, (_, l) => [`W${l}`, `B${l}`]).flat()
  return {
    ...Object.fromEntries(before.map((name) => [name, weights[name]!])),
    [`W${layer}`]: {
      shape: [fanIn, 1],
      data: Float64Array.from({ length: fanIn }, (_, i) => data[i * fanOut + unit]!),
    },
    [`B${layer}`]: { shape: [1], data: Float64Array.of(weights[`B${layer}`]!.data[unit]!) },
  }
}
