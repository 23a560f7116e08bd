// Data of Geiger et al. for convolutional nets: whole images, labelled by the parity of their class. Knows nothing
// about where the files come from.
import { Schema } from "effect"
import { Bytes, many, stage, Tensors } from "../../pipeline/stage.ts"

export const ImagesParams = Schema.Struct({
  /** Number of training and test points: a prefix of the interleaved images, and the images after that prefix. */
  n: Schema.Int,
  nTest: Schema.Int,
  /** Squares of this many pixels a side are averaged into one pixel; 1 keeps the images as they are. */
  shrink: Schema.Int.check(Schema.isGreaterThan(0)),
  /** `idx`: files of images and files of labels (MNIST, Fashion-MNIST). `cifar10`: binary batches that hold both. */
  format: Schema.Literals(["idx", "cifar10"]),
})
export type ImagesParams = typeof ImagesParams.Type

/**
 * Outputs `train` and `test`. Each has x (n, side, side, channels), with the mean image subtracted and each image
 * scaled to length sqrt(number of its values); y (n), +1 for odd classes and -1 for even classes; `class` (n). The seed
 * orders the images of a class.
 * Source: Geiger et al. 2019, section 2 and its program.
 */
export const images = stage(import.meta, "images", {
  params: ImagesParams,
  inputs: { images: many(Bytes), labels: many(Bytes) },
  outputs: { train: Tensors, test: Tensors },
  random: true,
  run: () => import("./images.run.ts"),
})
