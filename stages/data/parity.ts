// Data of Geiger et al.: MNIST images, labelled by the parity of their digit, reduced to principal components.
import { Schema } from "effect"
import { Bytes, stage, Tensors } from "../../pipeline/stage.ts"

export const ParityParams = Schema.Struct({
  /** Training and test points: a prefix of the interleaved images, and what follows it. */
  n: Schema.Int,
  nTest: Schema.Int,
  /** Principal components kept. */
  dimension: Schema.Int,
  /** How many of the interleaved images the mean and the components are fitted on; null for all. */
  fitOn: Schema.NullOr(Schema.Int),
})
export type ParityParams = typeof ParityParams.Type

/**
 * Outputs `train` and `test`: x (n, dimension), components of variance 1 over the images fitted on;
 * y (n), +1 for odd digits and -1 for even ones. The seed orders the images within each digit.
 * Source: Geiger et al. 2019, section 2, "Dataset".
 */
export const parity = stage(import.meta, "parity", {
  params: ParityParams,
  inputs: { trainImages: Bytes, trainLabels: Bytes, testImages: Bytes, testLabels: Bytes },
  outputs: { train: Tensors, test: Tensors },
  random: true,
  optionalPackages: () => [], // it could load TensorFlow by what it imports, and never does
  run: () => import("./parity.run.ts"),
})
