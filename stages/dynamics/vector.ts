// All weights as one vector, one after the other: a step moves them in a few passes, however many arrays they are.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import type { Weights } from "../net/fc.ts"

/** The arrays' names, in their order in the vector. */
export interface Shapes { readonly [name: string]: ReadonlyArray<number> }

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/** Calls `cut` for each array with where it begins. */
const each = <A>(shapes: Shapes, cut: (from: number, size: number, shape: ReadonlyArray<number>) => A): { readonly [name: string]: A } => {
  let from = 0
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => {
    const size = sizeOf(shape)
    from += size
    return [name, cut(from - size, size, shape)]
  }))
}

/** The vector, in float64. */
export const joined = (arrays: Tensors): Tensor => {
  const data = Float64Array.from(Object.values(arrays).flatMap((array) => Array.from(array.data)))
  return { shape: [data.length], data }
}

/** The arrays in a vector of numbers. */
export const divided = ({ data }: Tensor, shapes: Shapes): Tensors => each(shapes, (from, size, shape) => ({ shape, data: data.slice(from, from + size) }))

/** The arrays in a vector that is a tensor. */
export const parted = (vector: tf.Tensor, shapes: Shapes): Weights => each(shapes, (from, size, shape) => tf.reshape(tf.slice(vector, from, size), [...shape]))
