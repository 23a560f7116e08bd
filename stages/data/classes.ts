// MNIST images with the ten digits as classes, reduced to principal components. Knows nothing about where the files
// come from.
import { Bytes, stage, Tensors } from "../../pipeline/stage.ts"
import { ComponentsParams } from "./components-params.ts"

/** As `parity`, with other labels: y (n) is the digit, a class number from 0 to 9. */
export const classes = stage(import.meta, "classes", {
  params: ComponentsParams,
  inputs: { trainImages: Bytes, trainLabels: Bytes, testImages: Bytes, testLabels: Bytes },
  outputs: { train: Tensors, test: Tensors },
  random: true,
  optionalPackages: () => [], // its imports could load TensorFlow, but the stage never does
  run: () => import("./classes.run.ts"),
})
