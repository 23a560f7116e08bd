// The params of images on principal components. Apart from components.ts: a declaration must not load TF.js. Knows
// nothing about labels.
import { Schema } from "effect"

export const ComponentsParams = Schema.Struct({
  /** Number of training and test points: a prefix of the interleaved images, and the images after that prefix. */
  n: Schema.Int,
  nTest: Schema.Int,
  /** Number of principal components that are kept. */
  dimension: Schema.Int,
  /** The mean and the components are fitted on this many of the interleaved images; null for all images. */
  fitOn: Schema.NullOr(Schema.Int),
})
export type ComponentsParams = typeof ComponentsParams.Type
