// Draws the arrays of a layer. Knows nothing about the layer's product.
import { type Draw, type Weight, each, normal, uniform, zero } from "../model.ts"
import type { Distribution } from "../distribution.ts"

type Shape = ReadonlyArray<number>

/**
 * The arrays of a layer whose weights have this shape: `W${name}` and, unless `biases` is null, the biases `B${name}`.
 */
export const arraysOf = (
  name: string,
  shape: Shape,
  weights: Distribution,
  biases: Distribution | null,
): ReadonlyArray<readonly [string, Weight]> => {
  const W = [`W${name}`, { shape, draw: drawOf(weights, shape) }] as const
  return biases === null ? [W] : [W, [`B${name}`, { shape: shape.slice(-1), draw: drawOf(biases, shape) }]]
}

/** The draw of an array in a layer whose weights have this shape. */
const drawOf = (distribution: Distribution, shape: Shape): Draw => {
  const { fanIn, fanOut } = fansOf(shape)
  switch (distribution.kind) {
    case "constant":
      return distribution.value === 0 ? zero : each(() => distribution.value)
    case "normal":
      return normal(distribution.deviation)
    case "half-normal":
      return each(({ normal }) => Math.abs(distribution.deviation * normal()))
    case "uniform":
      return each(({ uniform }) => distribution.from + (distribution.to - distribution.from) * uniform())
    case "sign":
      return each(({ uniform }) => (uniform() < 0.5 ? -distribution.size : distribution.size))
    case "sphere":
      return sphere(distribution.radius)
    case "pytorch":
      return uniform(1 / Math.sqrt(fanIn))
    case "xavier-normal":
      return normal(distribution.gain * Math.sqrt(2 / (fanIn + fanOut)))
    case "xavier-uniform":
      return uniform(distribution.gain * Math.sqrt(6 / (fanIn + fanOut)))
  }
}

/** The fans of weights (inputs, outputs) or (side, side, channels, outputs). */
const fansOf = (shape: Shape): { readonly fanIn: number; readonly fanOut: number } => {
  const places = shape.slice(0, -2).reduce((a, b) => a * b, 1)
  return { fanIn: places * shape.at(-2)!, fanOut: places * shape.at(-1)! }
}

/** The columns of a standard normal matrix, scaled to length `radius`. */
export const sphere =
  (radius: number): Draw =>
  (stream, shape) => {
    const numbers = normal(1)(stream, shape)
    const units = shape.at(-1)!
    const squares = new Float64Array(units)
    for (const [k, number] of numbers.entries()) squares[k % units]! += number * number
    return numbers.map((number, k) => (radius * number) / Math.sqrt(squares[k % units]!))
  }
