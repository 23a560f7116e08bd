// Square images as bytes, and their conversion to the inputs of a convolutional net. Knows nothing about file formats.

/** `pixels` (count, side, side, channels), and one class an image in `labels`. */
export interface Pictures {
  readonly side: number
  readonly channels: number
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Joins several sets into one. All sets must have images of the same size. */
export const together = (parts: ReadonlyArray<Pictures>): Pictures => ({
  ...parts[0]!,
  pixels: joined(parts.map(({ pixels }) => pixels)),
  labels: joined(parts.map(({ labels }) => labels)),
})

const joined = (arrays: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}

/** One image (side, side, channels) in [0, 1]; squares of `factor` pixels a side are averaged into one pixel. */
export const shrunk = ({ side, channels, pixels }: Pictures, row: number, factor: number): Float64Array => {
  const small = Math.floor(side / factor)
  const out = new Float64Array(small * small * channels)
  const from = row * side * side * channels
  const unit = 1 / (255 * factor * factor)
  for (let i = 0; i < small * factor; i++) {
    for (let j = 0; j < small * factor; j++) {
      const to = (Math.floor(i / factor) * small + Math.floor(j / factor)) * channels
      for (let c = 0; c < channels; c++) out[to + c]! += unit * pixels[from + (i * side + j) * channels + c]!
    }
  }
  return out
}

/** The image minus the mean, scaled to a Euclidean length of sqrt(number of its values). */
export const normalised = (image: Float64Array, mean: Float64Array): Float64Array => {
  const centred = image.map((value, k) => value - mean[k]!)
  const scale = Math.sqrt(image.length / centred.reduce((sum, value) => sum + value * value, 0))
  return centred.map((value) => scale * value)
}
