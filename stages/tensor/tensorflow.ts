// Loads the optional TensorFlow binding of TF.js, whose install needs a download that not every machine can make.
import util from "node:util"
import { TensorError } from "./error.ts"

/** Registers the backend `tensorflow`. @throws TensorError `Backend` when the package is not installed or does not load. */
export const loadTensorFlow = async (): Promise<void> => {
  // tfjs-node 4.22 still calls this function, which Node 23 took away.
  Object.assign(util, { isNullOrUndefined: (x: unknown) => x === null || x === undefined })
  try {
    // @ts-ignore: optional, and without types where it is not installed
    await import("@tensorflow/tfjs-node")
  } catch (cause) {
    const message = `backend tensorflow needs the optional package @tensorflow/tfjs-node, which does not load: ${String(cause)}`
    throw new TensorError({ reason: "Backend", message })
  }
}
