// Data of Geiger et al.: MNIST images, labelled by the parity of their digit, reduced to principal components. Knows
// nothing about where the files come from.
import { Bytes, stage, Tensors } from "../../pipeline/stage.ts"
import { ComponentsParams } from "./components-params.ts"

/**
 * Outputs `train` and `test`: x (n, dimension), components of variance 1 over the images of the fit; y (n), +1 for odd
 * digits and -1 for even digits. The seed orders the images within each digit.
 * Source: Geiger et al. 2019, section 2, "Dataset".
 */
export const parity = stage(import.meta, "parity", {
  params: ComponentsParams,
  inputs: { trainImages: Bytes, trainLabels: Bytes, testImages: Bytes, testLabels: Bytes },
  outputs: { train: Tensors, test: Tensors },
  random: true,
  optionalPackages: () => [], // its imports could load TensorFlow, but the stage never does
  run: () => import("./parity.run.ts"),
})
