// Loads the optional TensorFlow binding of TF.js, whose installation needs a download that not every machine can make.
// Knows nothing about graphs.
import { TensorError } from "./error.ts"

/**
 * Registers the backend `tensorflow`. @throws TensorError `Backend` if the package is not installed or does not load.
 */
export const loadTensorFlow = async (): Promise<void> => {
  try {
    // @ts-ignore: optional, and without types where it is not installed
    await import("@tensorflow/tfjs-node")
  } catch (cause) {
    const message =
      "backend tensorflow needs the optional package @tensorflow/tfjs-node, " +
      "which does not load: " +
      `${String(cause)}`
    throw new TensorError({ reason: "Backend", message })
  }
}
