// 1. read all images; 2. order them; 3. make them smaller; 4. subtract their mean and bring each to one length; 5. cut.
import { Effect } from "effect"
import { StageError, type Given, type Tensors } from "../../pipeline/stage.ts"
import { interleaved, parityOf } from "./balanced.ts"
import { readCifar } from "./cifar.ts"
import { readIdx } from "./idx.ts"
import type { ImagesParams } from "./images.ts"
import { normalised, shrunk, together, type Pictures } from "./pictures.ts"

type Inputs = { readonly images: ReadonlyArray<Uint8Array>; readonly labels: ReadonlyArray<Uint8Array> }

const CLASSES = 10

export const run = ({ params, inputs, seed }: Given<ImagesParams, Inputs>): Effect.Effect<{ train: Tensors; test: Tensors }, StageError> =>
  Effect.try({ try: () => made(params, inputs, seed), catch: (cause) => cause }).pipe(Effect.catch((cause) => (cause instanceof StageError ? Effect.fail(cause) : Effect.die(cause))))

const made = ({ n, nTest, shrink, format }: ImagesParams, inputs: Inputs, seed: number): { train: Tensors; test: Tensors } => {
  const all = format === "idx" ? fromIdx(inputs) : together(inputs.images.map((bytes, i) => readCifar(bytes, `batch ${i + 1}`))) // 1
  const order = interleaved(all.labels, CLASSES, seed, "class") // 2
  if (n + nTest > order.length) throw new StageError({ reason: "InvalidInput", message: `${n} training and ${nTest} test points were asked for, and there are ${order.length} balanced images` })
  const mean = meanOf(all, order, shrink)
  const side = Math.floor(all.side / shrink)
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

/** Of all balanced images. */
const meanOf = (all: Pictures, order: Int32Array, shrink: number): Float64Array => {
  const sum = shrunk(all, order[0]!, shrink).fill(0)
  for (const row of order) for (const [k, value] of shrunk(all, row, shrink).entries()) sum[k]! += value
  return sum.map((value) => value / order.length)
}

const fromIdx = ({ images, labels }: Inputs): Pictures =>
  together(images.map((bytes, i): Pictures => {
    const { shape: [, side = 0, width], data } = readIdx(bytes, `image file ${i + 1}`)
    if (side !== width) throw new StageError({ reason: "InvalidInput", message: `image file ${i + 1}: images are ${side} x ${width}, and square ones are needed` })
    return { side, channels: 1, pixels: data, labels: readIdx(labels[i]!, `label file ${i + 1}`).data }
  }))
