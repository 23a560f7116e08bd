// Data of Geiger et al. for convolutional nets: whole images, labelled by the parity of their class.
import { Schema } from "effect"
import { Bytes, many, stage, Tensors } from "../../pipeline/stage.ts"

export const ImagesParams = Schema.Struct({
  /** Training and test points: a prefix of the interleaved images, and what follows it. */
  n: Schema.Int,
  nTest: Schema.Int,
  /** Squares of so many pixels a side are averaged into one; 1 for the images as they are. */
  shrink: Schema.Int.check(Schema.isGreaterThan(0)),
  /** `idx`: files of images and files of labels (MNIST, Fashion-MNIST). `cifar10`: binary batches, which hold both. */
  format: Schema.Literals(["idx", "cifar10"]),
})
export type ImagesParams = typeof ImagesParams.Type

/**
 * Outputs `train` and `test`: x (n, side, side, channels), the mean image subtracted and each image of length
 * sqrt(its numbers); y (n), +1 for odd classes and -1 for even ones; `class` (n). The seed orders the images of a
 * class.
 * Source: Geiger et al. 2019, section 2 and its program.
 */
export const images = stage(import.meta, "images", {
  params: ImagesParams,
  inputs: { images: many(Bytes), labels: many(Bytes) },
  outputs: { train: Tensors, test: Tensors },
  random: true,
  run: () => import("./images.run.ts"),
})
