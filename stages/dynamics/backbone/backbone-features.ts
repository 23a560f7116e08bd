// The features of images by a trained EfficientNet-B0, as data for heads that are trained on top of it, and how well
// its own classifier does. Knows nothing about the heads.
import { Schema } from "effect"
import { Bytes, stage, Table, Tensors } from "../../../pipeline/stage.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const BackboneFeaturesParams = Schema.Struct({
  hidden: Count,
  /** The first images of the file are taken; null for all. */
  images: Schema.NullOr(Count),
  side: Count,
})
export type BackboneFeaturesParams = typeof BackboneFeaturesParams.Type

/**
 * Batch norm uses the moving statistics, and nothing is dropped. Output `data`: x (n, 1280), the features in float32; y
 * (n), the classes. Output `scores`, one row: points, loss, error of the classifier on these images.
 * Source: Kearns, Munyuza and Brosh 2023, section 5.
 */
export const backboneFeatures = stage(import.meta, "backboneFeatures", {
  params: BackboneFeaturesParams,
  inputs: { images: Bytes, labels: Bytes, state: Tensors },
  outputs: { data: Tensors, scores: Table },
  run: () => import("./backbone-features.run.ts"),
})
