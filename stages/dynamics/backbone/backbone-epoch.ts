// Trains EfficientNet-B0 with a classifier on images for one epoch. Epoch after epoch is a node of its own: training
// that was interrupted goes on from the last whole epoch, and more epochs cost only themselves. Knows nothing about the
// use of the features.
import { Schema } from "effect"
import { Bytes, stage, Table, Tensors } from "../../../pipeline/stage.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const BackboneEpochParams = Schema.Struct({
  hidden: Count,
  /** The number of the epoch, from 1. */
  epoch: Count,
  /** The first images of the file are taken; null for all. They must be whole batches. */
  images: Schema.NullOr(Count),
  batch: Count,
  /** Images are resized to this side, bilinearly. */
  side: Count,
  /** Learning rate of Keras' Adam. */
  rate: Schema.Finite.check(Schema.isGreaterThan(0)),
})
export type BackboneEpochParams = typeof BackboneEpochParams.Type

/**
 * The seed orders the images and draws the numbers of drop-connect.
 * Output `state`, as `backboneStart` gives it, after the epoch; `curve`, one row: epoch, steps so far, loss and
 * accuracy, means over the batches of the epoch, each before its step, as Keras reports them. Fails with Diverged if a
 * loss is not a finite number.
 * Source: Kearns, Munyuza and Brosh 2023, section 5, figure 8 and its program: batches of 40, ten epochs, 28 to 32
 * pixels.
 */
export const backboneEpoch = stage(import.meta, "backboneEpoch", {
  params: BackboneEpochParams,
  inputs: { images: Bytes, labels: Bytes, state: Tensors },
  outputs: { state: Tensors, curve: Table },
  random: true,
  run: () => import("./backbone-epoch.run.ts"),
})
