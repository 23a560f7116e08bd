// The binary batches of CIFAR-10, written here by their description: planes of colours become channels.
import { expect, test } from "vitest"
import { StageError } from "../../../pipeline/stage.ts"
import { readCifar } from "../../../stages/data/cifar.ts"
import { run } from "../../../stages/data/images.run.ts"
import { tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"

const pixel = (image: number, i: number, j: number, colour: number): number =>
  (31 * image + 7 * i + 3 * j + 80 * colour + (image % 3) * i * j) % 256

/** Images of these numbers; the class of an image is its number modulo 10. */
const batch = (images: ReadonlyArray<number>): Uint8Array =>
  Uint8Array.from(
    images.flatMap((image) => {
      const plane = (colour: number) =>
        Array.from({ length: 1024 }, (_, k) => pixel(image, Math.floor(k / 32), k % 32, colour))
      return [image % 10, ...plane(0), ...plane(1), ...plane(2)]
    }),
  )

/** By rows, the three colours of a pixel side by side. */
const bytesOf = (image: number): ReadonlyArray<number> =>
  Array.from({ length: 3072 }, (_, at) => pixel(image, Math.floor(at / 96), Math.floor(at / 3) % 32, at % 3))

const asked = { n: 12, nTest: 8, shrink: 1, format: "cifar10" } as const
/** 21 images, two of each class and three of class 0, in two batches and in disorder. */
const shuffled = Array.from({ length: 21 }, (_, k) => (8 * k) % 21)
const batches = [batch(shuffled.slice(0, 9)), batch(shuffled.slice(9))]

test("a batch's images have their classes, and red, green and blue side by side", () => {
  const { side, channels, pixels, labels } = readCifar(batch([13, 4, 20]), "batch")
  expect([side, channels, Array.from(labels)]).toEqual([32, 3, [3, 4, 0]])
  expect(Array.from(pixels)).toEqual([13, 4, 20].flatMap(bytesOf))
})

test("of two batches each balanced image comes once, less the mean of those that come", async () => {
  const { train, test } = await perform(run({ params: asked, inputs: { images: batches, labels: [] }, seed: 1 }))
  expect([train["x"]!.shape, test["x"]!.shape]).toEqual([
    [12, 32, 32, 3],
    [8, 32, 32, 3],
  ])
  expect([...train["class"]!.data, ...test["class"]!.data]).toEqual(Array.from({ length: 20 }, (_, i) => i % 10))
  const x = Float64Array.of(...train["x"]!.data, ...test["x"]!.data)
  // One of the three images of class 0 is left out: the mean that fits is that of the other twenty.
  const fits = [0, 10, 20].filter((left) => {
    const images = shuffled.filter((image) => image !== left).map((image) => ({ image, values: bytesOf(image) }))
    const mean = images[0]!.values.map((_, k) => images.reduce((sum, { values }) => sum + values[k]!, 0) / 20)
    const rows = images.map(({ image, values }) => {
      const centred = values.map((value, k) => value - mean[k]!)
      const length = Math.hypot(...centred)
      return { image, values: centred.map((value) => (value * Math.sqrt(3072)) / length) }
    })
    const found = Array.from({ length: 20 }, (_, i) =>
      rows
        .filter(({ values }) => values.every((value, k) => Math.abs(value - x[i * 3072 + k]!) < tolerance.float64.net))
        .map(({ image }) => image),
    )
    return found.every((each) => each.length === 1) && new Set(found.flat()).size === 20
  })
  expect(fits).toHaveLength(1)
})

test("a file of another size is refused by name, and so is an empty one", async () => {
  for (const [bytes, length] of [
    [batches[1]!.subarray(1), 12 * 3073 - 1],
    [new Uint8Array(0), 0],
  ] as const) {
    const error = await failure(run({ params: asked, inputs: { images: [batches[0]!, bytes], labels: [] }, seed: 1 }))
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({
      reason: "InvalidInput",
      message: `batch 2: ${length} bytes, but images of CIFAR-10 take 3073 each`,
    })
  }
})

test("a view into a larger buffer is read from its own start", () => {
  const larger = Uint8Array.from([9, 9, ...batch([5])])
  expect(readCifar(larger.subarray(2), "view")).toEqual(readCifar(batch([5]), "batch"))
})
