// Stores all weights as one vector, array after array: a step then moves them in a few passes, however many arrays
// there are. Knows nothing about nets.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import type { Weights } from "../net/model.ts"

/** The shapes of the arrays by name, in their order in the vector. */
export interface Shapes {
  readonly [name: string]: ReadonlyArray<number>
}

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/** Calls `cut` for each array with its offset in the vector. */
const each = <A>(
  shapes: Shapes,
  cut: (from: number, size: number, shape: ReadonlyArray<number>, name: string) => A,
): { readonly [name: string]: A } => {
  let from = 0
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const size = sizeOf(shape)
      from += size
      return [name, cut(from - size, size, shape, name)]
    }),
  )
}

/** The arrays as one vector, in float64. */
export const joined = (arrays: Tensors): Tensor => {
  const data = new Float64Array(Object.values(arrays).reduce((sum, array) => sum + array.data.length, 0))
  let from = 0
  for (const array of Object.values(arrays)) {
    data.set(array.data, from)
    from += array.data.length
  }
  return { shape: [data.length], data }
}

export const shapesOf = (arrays: Tensors): Shapes =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))

/** The arrays plus the movement in a vector, in float64. */
export const movedBy = (arrays: Tensors, { data }: Tensor): Tensors =>
  each(shapesOf(arrays), (from, size, shape, name) => ({
    shape,
    data: Float64Array.from({ length: size }, (_, i) => arrays[name]!.data[i]! + data[from + i]!),
  }))

/** The arrays in a vector, for a vector that is a TF.js tensor. */
export const parted = (vector: tf.Tensor, shapes: Shapes): Weights =>
  each(shapes, (from, size, shape) => tf.reshape(tf.slice(vector, from, size), [...shape]))
