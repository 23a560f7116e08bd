// The first images of a pair of IDX files, with their classes, and images resized. Knows nothing about nets.
import { StageError } from "../../pipeline/stage.ts"
import { readIdx } from "./idx.ts"

export interface Digits {
  readonly side: number
  /** (n, side, side), 0 to 255. */
  readonly pixels: Uint8Array
  /** (n) */
  readonly labels: Int32Array
}

/** The first `count` images, or all. Throws a StageError if the files do not fit together. */
export const digitsIn = (images: Uint8Array, labels: Uint8Array, count: number | null): Digits => {
  const {
    shape: [known = 0, side = 0, width],
    data: pixels,
  } = readIdx(images, "the images")
  const { data: classes } = readIdx(labels, "the labels")
  if (side !== width) throw refused(`the images are ${side} x ${width}, but they must be square`)
  if (classes.length !== known) throw refused(`there are ${known} images, but ${classes.length} labels`)
  const stray = classes.find((digit) => digit > 9)
  if (stray !== undefined) throw refused(`the labels have ${stray}, which is no digit`)
  const n = count ?? known
  if (n > known) throw refused(`${n} images were asked for, but there are ${known}`)
  return { side, pixels: pixels.subarray(0, n * side * side), labels: Int32Array.from(classes.subarray(0, n)) }
}

/**
 * Resizes a square image from one side to another, bilinearly. The centres of pixels are half a pixel from the edges,
 * and the edge pixels continue outwards. Source: tf.image.resize, method "bilinear" without antialias.
 */
export const resizer = (from: number, to: number): ((image: ArrayLike<number>) => Float32Array) => {
  const places = Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    const low = Math.min(from - 1, Math.floor(at))
    return { low, high: Math.min(from - 1, low + 1), share: at - low }
  })
  return (image) => {
    const made = new Float32Array(to * to)
    for (const [i, row] of places.entries()) {
      for (const [j, column] of places.entries()) {
        const across = (y: number): number =>
          image[y * from + column.low]! * (1 - column.share) + image[y * from + column.high]! * column.share
        made[i * to + j] = across(row.low) * (1 - row.share) + across(row.high) * row.share
      }
    }
    return made
  }
}

/** Some images by their rows, one after the other, resized to squares of `side` pixels. */
export const resized = (
  { side: from, pixels }: Pick<Digits, "side" | "pixels">,
  side: number,
): ((rows: ArrayLike<number>) => Float32Array) => {
  const resize = resizer(from, side)
  return (rows) => {
    const made = new Float32Array(rows.length * side * side)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      made.set(resize(pixels.subarray(row * from * from, (row + 1) * from * from)), i * side * side)
    }
    return made
  }
}

const refused = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
