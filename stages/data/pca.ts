// Principal components of centred, length-normalised images. The covariance is summed over chunks, so that no array
// ever holds all images as floats. Knows nothing about labels or file formats.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { jit } from "../tensor/jit.ts"
import { leadingEigen } from "../algebra/eigen.ts"

/** Some rows of a pool of images, `size` bytes an image; a row may lie in any part of the pool. */
export interface Images {
  readonly pixels: ReadonlyArray<Uint8Array>
  readonly size: number
  readonly rows: Int32Array
}

export interface Pca {
  /** (size): the mean of the normalised images. */
  readonly centre: Float64Array
  /** (dimension, size): unit vectors. */
  readonly components: Float64Array
  /** (dimension): variances of the normalised images along the components. */
  readonly variances: Float64Array
}

const chunk = 2048

/** (size): the mean image, pixels in [0, 1]. */
export const meanOf = ({ pixels, size, rows }: Images): Float64Array => {
  const mean = new Float64Array(size)
  for (const row of rows) {
    const image = imageAt(pixels, size, row)
    for (let k = 0; k < size; k++) mean[k]! += image[k]!
  }
  return mean.map((sum) => sum / (255 * rows.length))
}

/** Fits the leading components. The covariance is divided by the number of images. */
export const fitPca = async (
  images: Images,
  mean: Float64Array,
  dimension: number,
  onProgress: (fraction: number) => void,
): Promise<Pca> => {
  const { rows, size } = images
  const add = jit(
    "covariance",
    ({ sum, gram, x }: Record<"sum" | "gram" | "x", tf.Tensor>) => ({
      sum: tf.add(sum, tf.sum(x, 0)),
      gram: tf.add(gram, tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, true, false)),
    }),
    { dtype: "float64" },
  )
  let total: Readonly<Record<"sum" | "gram", Tensor>> = { sum: zeros([size]), gram: zeros([size, size]) }
  for (let at = 0; at < rows.length; at += chunk) {
    const part = rows.subarray(at, at + chunk)
    total = await add({
      ...total,
      x: { shape: [part.length, size], data: normalised({ ...images, rows: part }, mean) },
    })
    onProgress((0.8 * at) / rows.length)
  }
  const centre = Float64Array.from(total.sum.data, (value) => value / rows.length)
  const covariance = Float64Array.from(
    total.gram.data,
    (value, ij) => value / rows.length - centre[Math.floor(ij / size)]! * centre[ij % size]!,
  )
  const times = jit(
    "subspace",
    ({ q, c }: Record<"q" | "c", tf.Tensor>) => ({ out: tf.matMul(q as tf.Tensor2D, c as tf.Tensor2D) }),
    { dtype: "float64" },
  )
  const c = { shape: [size, size], data: covariance }
  const { values, vectors } = await leadingEigen(
    async (q) => (await times({ q: { shape: [q.length / size, size], data: q }, c })).out.data as Float64Array,
    size,
    dimension,
  )
  return { centre, components: vectors, variances: values }
}

/** (rows, dimension): the whitened coordinates of some images. */
export const project = (images: Images, mean: Float64Array, { centre, components, variances }: Pca): Float64Array => {
  const { size, rows } = images
  const dimension = variances.length
  const out = new Float64Array(rows.length * dimension)
  for (let at = 0; at < rows.length; at += chunk) {
    const part = rows.subarray(at, at + chunk)
    const x = normalised({ ...images, rows: part }, mean)
    for (let i = 0; i < part.length; i++) {
      for (let j = 0; j < dimension; j++) {
        let sum = 0
        for (let k = 0; k < size; k++) sum += (x[i * size + k]! - centre[k]!) * components[j * size + k]!
        out[(at + i) * dimension + j] = sum / Math.sqrt(variances[j]!)
      }
    }
  }
  return out
}

/** (rows, size): the images minus the mean image, each scaled to length sqrt(size). */
const normalised = ({ pixels, size, rows }: Images, mean: Float64Array): Float64Array => {
  const out = new Float64Array(rows.length * size)
  rows.forEach((row, i) => {
    const image = imageAt(pixels, size, row)
    let square = 0
    for (let k = 0; k < size; k++) {
      const value = image[k]! / 255 - mean[k]!
      out[i * size + k] = value
      square += value * value
    }
    const scale = Math.sqrt(size / square)
    for (let k = 0; k < size; k++) out[i * size + k]! *= scale
  })
  return out
}

const imageAt = (pixels: ReadonlyArray<Uint8Array>, size: number, row: number): Uint8Array => {
  let part = 0
  let at = row
  while (at * size >= pixels[part]!.length) at -= pixels[part++]!.length / size
  return pixels[part]!.subarray(at * size, (at + 1) * size)
}

const zeros = (shape: ReadonlyArray<number>): Tensor => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
})
