// 1. read all images; 2. order them; 3. shrink them; 4. subtract their mean and scale each image to the same length; 5.
// cut the order into training and test points.
import type { Effect } from "effect"
import { StageError, type Given, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"
import { interleaved, parityOf } from "./balanced.ts"
import { readCifar } from "./cifar.ts"
import { readIdx } from "./idx.ts"
import type { ImagesParams } from "./images.ts"
import { normalised, shrunk, together, type Pictures } from "./pictures.ts"

type Inputs = { readonly images: ReadonlyArray<Uint8Array>; readonly labels: ReadonlyArray<Uint8Array> }

const CLASSES = 10

export const run = ({
  params,
  inputs,
  seed,
}: Given<ImagesParams, Inputs>): Effect.Effect<{ train: Tensors; test: Tensors }, StageError> =>
  attempt(async () => made(params, inputs, seed))

const made = (
  { n, nTest, shrink, format }: ImagesParams,
  inputs: Inputs,
  seed: number,
): { train: Tensors; test: Tensors } => {
  const all =
    // 1
    format === "idx" ? fromIdx(inputs) : together(inputs.images.map((bytes, i) => readCifar(bytes, `batch ${i + 1}`)))
  const order = interleaved(all.labels, CLASSES, seed, "class") // 2
  if (n + nTest > order.length)
    throw refused(
      `${n} training and ${nTest} test points were asked for, but there are ${order.length} balanced images`,
    )
  const side = Math.floor(all.side / shrink)
  if (side === 0) throw refused(`squares of ${shrink} pixels a side were asked for, but images have ${all.side}`)
  const mean = meanOf(all, order, shrink)
  const size = side * side * all.channels
  const cut = (from: number, count: number): Tensors => {
    const rows = order.subarray(from, from + count)
    const data = new Float64Array(count * size)
    for (const [i, row] of rows.entries()) data.set(normalised(shrunk(all, row, shrink), mean), i * size) // 3, 4
    return {
      x: { shape: [count, side, side, all.channels], data },
      y: { shape: [count], data: Float64Array.from(rows, (row) => parityOf(all.labels[row]!)) },
      class: { shape: [count], data: Int32Array.from(rows, (row) => all.labels[row]!) },
    }
  }
  return { train: cut(0, n), test: cut(n, nTest) } // 5
}

/** The mean over all balanced images. */
const meanOf = (all: Pictures, order: Int32Array, shrink: number): Float64Array => {
  const sum = shrunk(all, order[0]!, shrink).fill(0)
  for (const row of order) for (const [k, value] of shrunk(all, row, shrink).entries()) sum[k]! += value
  return sum.map((value) => value / order.length)
}

/**
 * Compares each image file with its own label file. Files that agree only in their total number would give images the
 * labels of other images; such files are refused.
 */
const fromIdx = ({ images, labels }: Inputs): Pictures => {
  if (images.length !== labels.length)
    throw refused(
      `${images.length} image files and ${labels.length} label files: each image file needs its own label file`,
    )
  const parts = images.map((bytes, i): Pictures => {
    const {
      shape: [count = 0, side = 0, width],
      data: pixels,
    } = readIdx(bytes, `image file ${i + 1}`)
    if (side !== width) throw refused(`image file ${i + 1}: images are ${side} x ${width}, but they must be square`)
    const { data } = readIdx(labels[i]!, `label file ${i + 1}`)
    if (data.length !== count)
      throw refused(`label file ${i + 1}: ${data.length} labels, but there are ${count} images`)
    return { side, channels: 1, pixels, labels: data }
  })
  for (const [i, { side }] of parts.entries()) {
    if (side !== parts[0]!.side)
      throw refused(
        `image file ${i + 1}: images are ${side} x ${side}, but those before are ${parts[0]!.side} x ${parts[0]!.side}`,
      )
  }
  return together(parts)
}

const refused = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
