// Puts MNIST on principal components, for any labels that follow from the digit.
// 1. pool the train and test images; 2. order them: shuffle within each digit, then interleave 0, 1, …, 9, 0, … until
// the rarest digit is used up, so that every prefix is balanced; 3. subtract the mean image and scale each image to
// length sqrt(pixels); 4. project on whitened principal components; 5. cut the order into training and test points.
// Knows nothing about what the labels mean.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"
import { interleaved } from "./balanced.ts"
import { readIdx } from "./idx.ts"
import type { ComponentsParams } from "./components-params.ts"
import { fitPca, meanOf, project, type Images } from "./pca.ts"

export type Inputs = { readonly [name in "trainImages" | "trainLabels" | "testImages" | "testLabels"]: Uint8Array }

/** Training and test points whose labels y are made by `labelled` from their digits. */
export const onComponents = Effect.fnUntraced(function* (
  { params, inputs, seed }: Given<ComponentsParams, Inputs>,
  labelled: (digits: Uint8Array) => Tensor["data"],
): Effect.fn.Return<{ train: Tensors; test: Tensors }, StageError> {
  const pool = yield* attempt(async () => pooled(inputs)) // 1
  const order = interleaved(pool.labels, 10, seed, "digit") // 2
  const { n, nTest, dimension, fitOn } = params
  if (n + nTest > order.length) {
    return yield* new StageError({
      reason: "InvalidInput",
      message: `${n} training and ${nTest} test points were asked for, but there are ${order.length} balanced images`,
    })
  }
  const images: Images = { pixels: pool.pixels, size: pool.size, rows: order }
  const onProgress = yield* Progress
  const fitted = order.subarray(0, fitOn ?? order.length)
  const mean = meanOf({ ...images, rows: fitted }) // 3
  const pca = yield* attempt(() => fitPca({ ...images, rows: fitted }, mean, dimension, onProgress)) // 4
  yield* Effect.log(
    `variances of the components: ${Array.from(pca.variances, (value) => value.toPrecision(4)).join(", ")}`,
  )
  const cut = (from: number, count: number): Tensors => {
    const rows = order.subarray(from, from + count)
    return {
      x: { shape: [count, dimension], data: project({ ...images, rows }, mean, pca) },
      y: { shape: [count], data: labelled(Uint8Array.from(rows, (row) => pool.labels[row]!)) },
    }
  }
  return { train: cut(0, n), test: cut(n, nTest) } // 5
})

const pooled = (inputs: Inputs) => {
  const images = [readIdx(inputs.trainImages, "the training images"), readIdx(inputs.testImages, "the test images")]
  const labels = [readIdx(inputs.trainLabels, "the training labels"), readIdx(inputs.testLabels, "the test labels")]
  const size = images[0]!.shape.slice(1).reduce((a, b) => a * b, 1)
  return {
    size,
    pixels: images.map((part) => part.data),
    labels: Uint8Array.from(labels.flatMap((part) => [...part.data])),
  }
}
