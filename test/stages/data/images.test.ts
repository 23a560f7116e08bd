// Whole images from the real files of MNIST: which come when, and their numbers by plain loops over the files' bytes.
import { expect, test } from "vitest"
import { StageError, type Tensors } from "../../../pipeline/stage.ts"
import { interleaved } from "../../../stages/data/balanced.ts"
import type { ImagesParams } from "../../../stages/data/images.ts"
import { run } from "../../../stages/data/images.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { failure, perform } from "../perform.ts"
import { mnist } from "./mnist.ts"

/** The bytes of a file of images, or of labels where there is one size only. */
const idx = (sizes: ReadonlyArray<number>, data: ArrayLike<number>): Uint8Array => {
  const header = [0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255])]
  const file = new Uint8Array(header.length + data.length)
  file.set(header)
  file.set(data, header.length)
  return file
}

const params: ImagesParams = { n: 25, nTest: 12, shrink: 4, format: "idx" }
/** The first 1,000 test images, as files of their own: 85 zeros are the fewest of a class. */
const few = {
  images: [idx([1000, 28, 28], mnist.testImages.subarray(16, 16 + 1000 * 784))],
  labels: [idx([1000], mnist.testLabels.subarray(8, 1008))],
}
const both = { images: [mnist.trainImages, mnist.testImages], labels: [mnist.trainLabels, mnist.testLabels] }
const made = (
  changed: Partial<ImagesParams> = {},
  seed = 3,
): Promise<{ readonly train: Tensors; readonly test: Tensors }> =>
  perform(run({ params: { ...params, ...changed }, inputs: few, seed }))
const refusal = (changed: Partial<ImagesParams>, inputs: typeof few) =>
  failure(run({ params: { ...params, ...changed }, inputs, seed: 3 }))

const classesInTurns =
  "classes 0 to 9 come in turns, the test points go on where the training points end, and odd ones are +1"
test(classesInTurns, async () => {
  const { train, test } = await made()
  expect([train["x"]!.shape, test["x"]!.shape, train["y"]!.shape, test["class"]!.shape]).toEqual([
    [25, 7, 7, 1],
    [12, 7, 7, 1],
    [25],
    [12],
  ])
  const classes = [...train["class"]!.data, ...test["class"]!.data]
  expect(classes).toEqual(Array.from({ length: 37 }, (_, i) => i % 10))
  expect([...train["y"]!.data, ...test["y"]!.data]).toEqual(classes.map((each) => [-1, 1][each % 2]))
})

test.each([1, 2, 3])(
  "by squares of %i: the means of squares, less the mean of all balanced images, and of length sqrt(numbers)",
  async (shrink) => {
    const { train, test } = await made({ shrink })
    const small = Math.floor(28 / shrink)
    const rows = interleaved(mnist.testLabels.subarray(8, 1008), 10, 3, "class")
    const imageOf = (row: number): ReadonlyArray<number> =>
      Array.from({ length: small * small }, (_, at) => {
        let sum = 0
        for (let i = 0; i < shrink; i++)
          for (let j = 0; j < shrink; j++)
            sum +=
              mnist.testImages[16 + row * 784 + (Math.floor(at / small) * shrink + i) * 28 + (at % small) * shrink + j]!
        return sum
      })
    // The unit in which pixels are counted goes with the length.
    const total = new Float64Array(small * small)
    for (const row of rows) imageOf(row).forEach((value, k) => (total[k]! += value))
    const expected = Array.from(rows.subarray(0, 37)).flatMap((row) => {
      const centred = imageOf(row).map((value, k) => value - total[k]! / rows.length)
      return centred.map((value) => (small * value) / Math.hypot(...centred))
    })
    expectClose("x", [...train["x"]!.data, ...test["x"]!.data], expected, tolerance.float64.net)
  },
)

test("a smaller cut is a prefix of a larger one, of the same bits", async () => {
  const [some, more] = [await made(), await made({ n: 30, nTest: 7 })]
  expect([...some.train["x"]!.data, ...some.test["x"]!.data]).toEqual([
    ...more.train["x"]!.data,
    ...more.test["x"]!.data,
  ])
})

test("another seed has other images of the same classes", async () => {
  const [one, other] = [await made(), await made({}, 4)]
  expect(other.train["class"]).toEqual(one.train["class"])
  expect(other.train["x"]!.data).not.toEqual(one.train["x"]!.data)
})

const allBalanced =
  "every balanced image can be had, and not one more: 85 of each class of 1,000 images, and 6,313 of all"
test(allBalanced, async () => {
  expect((await made({ n: 830, nTest: 20 })).test["x"]!.shape).toEqual([20, 7, 7, 1])
  const error = await refusal({ n: 830, nTest: 21 }, few)
  expect(error).toBeInstanceOf(StageError)
  expect(error).toMatchObject({
    reason: "InvalidInput",
    message: "830 training and 21 test points were asked for, but there are 850 balanced images",
  })
  expect(await refusal({ n: 63_100, nTest: 31 }, both)).toMatchObject({
    message: "63100 training and 31 test points were asked for, but there are 63130 balanced images",
  })
})

test("a file that is cut is refused by name", async () => {
  expect(await refusal({}, { ...both, images: [mnist.trainImages, mnist.testImages.subarray(0, 1000)] })).toMatchObject(
    { reason: "InvalidInput", message: "image file 2: 984 bytes of data, but the sizes 10000x28x28 need 7840000" },
  )
  expect(await refusal({}, { ...few, labels: [few.labels[0]!.subarray(0, 500)] })).toMatchObject({
    reason: "InvalidInput",
    message: "label file 1: 492 bytes of data, but the sizes 1000 need 1000",
  })
})

test("squares larger than the images are refused", async () => {
  expect((await made({ shrink: 28 })).train["x"]!.shape).toEqual([25, 1, 1, 1])
  expect(await refusal({ shrink: 29 }, few)).toMatchObject({
    reason: "InvalidInput",
    message: "squares of 29 pixels a side were asked for, but images have 28",
  })
})

test("images that are not square are refused", async () => {
  expect(await refusal({}, { images: [idx([1, 2, 3], [1, 2, 3, 4, 5, 6])], labels: [idx([1], [0])] })).toMatchObject({
    reason: "InvalidInput",
    message: "image file 1: images are 2 x 3, but they must be square",
  })
})

test("labels of other files are refused, since they would name other images", async () => {
  expect(await refusal({}, { ...both, labels: both.labels.toReversed() })).toMatchObject({
    reason: "InvalidInput",
    message: "label file 1: 10000 labels, but there are 60000 images",
  })
  expect(await refusal({}, { ...both, labels: [mnist.trainLabels] })).toMatchObject({
    reason: "InvalidInput",
    message: "2 image files and 1 label files: each image file needs its own label file",
  })
})

test("images of two sizes are refused", async () => {
  expect(
    await refusal(
      {},
      { images: [...few.images, idx([1, 2, 2], [1, 2, 3, 4])], labels: [...few.labels, idx([1], [0])] },
    ),
  ).toMatchObject({ reason: "InvalidInput", message: "image file 2: images are 2 x 2, but those before are 28 x 28" })
})
