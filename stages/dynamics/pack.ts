// Packs the arrays of a net as a training carries them. All small arrays are one vector, array after array: a step then
// moves them in a few passes, however many there are. A large array stays as it is, since a vector would cost a copy of
// it in every step. Knows nothing about nets.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { mapped } from "../net/group.ts"
import type { Weights } from "../net/model.ts"

/** The shapes of the arrays by name, in their order in the vector. */
export interface Shapes {
  readonly [name: string]: ReadonlyArray<number>
}

/** The name of the vector among the large arrays. */
const SMALL = "small arrays"
/** From this many numbers on, an array is large: a copy of it takes longer than some more calls of operators. */
const LARGE = 2 ** 14

interface Place {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly size: number
  /** Where the array begins in the vector; undefined for a large array. */
  readonly from: number | undefined
}

const placesOf = (shapes: Shapes): ReadonlyArray<Place> => {
  let next = 0
  return Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    if (size >= LARGE) return { name, shape, size, from: undefined }
    next += size
    return { name, shape, size, from: next - size }
  })
}

export const shapesOf = (arrays: Tensors): Shapes =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))

/** The large arrays, and `join` of the others. */
const packedBy = <A>(
  arrays: { readonly [name: string]: A },
  shapes: Shapes,
  join: (small: ReadonlyArray<A>) => A,
): { readonly [pack: string]: A } => {
  const places = placesOf(shapes)
  const small = places.filter(({ from }) => from !== undefined).map(({ name }) => arrays[name]!)
  const large = places.filter(({ from }) => from === undefined).map(({ name }) => [name, arrays[name]!] as const)
  return { ...(small.length > 0 && { [SMALL]: join(small) }), ...Object.fromEntries(large) }
}

const joined = (arrays: ReadonlyArray<Tensor>): Tensor => {
  const data = new Float64Array(arrays.reduce((sum, array) => sum + array.data.length, 0))
  let from = 0
  for (const array of arrays) {
    data.set(array.data, from)
    from += array.data.length
  }
  return { shape: [data.length], data }
}

/** The packs of arrays; the vector is in float64. */
export const packed = (arrays: Tensors): Tensors => packedBy(arrays, shapesOf(arrays), joined)

/** The packs of arrays that are TF.js tensors. */
export const pack = (arrays: Weights, shapes: Shapes): Weights =>
  packedBy(arrays, shapes, (small) => tf.concat(small.map((array) => tf.reshape(array, [-1]))))

/** The arrays in packs that are TF.js tensors. */
export const unpack = (packs: Weights, shapes: Shapes): Weights =>
  Object.fromEntries(
    placesOf(shapes).map(({ name, shape, size, from }) => [
      name,
      from === undefined ? packs[name]! : tf.reshape(tf.slice(packs[SMALL]!, from, size), [...shape]),
    ]),
  )

/** The arrays plus the movement in packs, in float64. */
export const movedBy = (arrays: Tensors, packs: Tensors): Tensors =>
  Object.fromEntries(
    placesOf(shapesOf(arrays)).map(({ name, shape, size, from }) => {
      const [{ data }, moved] = [arrays[name]!, packs[from === undefined ? name : SMALL]!.data]
      return [name, { shape, data: Float64Array.from({ length: size }, (_, i) => data[i]! + moved[(from ?? 0) + i]!) }]
    }),
  )

/** Zeros in the form of these packs. */
export const zerosLike = (packs: Tensors): Tensors =>
  mapped(packs, ({ shape, data }) => ({
    shape,
    data: data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length),
  }))

/** The arrays in packs. */
export const unpacked = (packs: Tensors, shapes: Shapes): Tensors =>
  Object.fromEntries(
    placesOf(shapes).map(({ name, shape, size, from }) => [
      name,
      from === undefined ? packs[name]! : { shape, data: packs[SMALL]!.data.slice(from, from + size) },
    ]),
  )
