// Draws EfficientNet-B0 with a classifier on top, as the state that training carries on from. Knows nothing about
// images.
import { Schema } from "effect"
import { stage, Tensors } from "../../../pipeline/stage.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const BackboneStartParams = Schema.Struct({
  /** Units of the classifier's hidden layer. */
  hidden: Count,
})
export type BackboneStartParams = typeof BackboneStartParams.Type

/**
 * Output `state`, in float32: `w.${name}`, all arrays of the net; `mean.${name}` and `square.${name}`, the running
 * means of Adam for the trained arrays, zero; `steps`, the number of steps so far, 0.
 * Source: keras.applications.EfficientNetB0(weights=None, include_top=False) and Keras' Dense; Kearns, Munyuza and
 * Brosh 2023, whose classifier has 1,000 hidden units.
 */
export const backboneStart = stage(import.meta, "backboneStart", {
  params: BackboneStartParams,
  inputs: {},
  outputs: { state: Tensors },
  random: true,
  run: () => import("./backbone-start.run.ts"),
})
