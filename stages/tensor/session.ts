// Bytes of a model in, a running ONNX session out; one session per model and thread count in a process.
// Knows ONNX Runtime and nothing of TF.js. Holds no handle that keeps a process alive.
import { createHash } from "node:crypto"
import * as ort from "onnxruntime-node"
import { kept } from "../../pipeline/stage.ts"

/** The session of these model bytes, which splits work over `threads` threads. */
export const sessionOf = (model: Uint8Array, threads: number): Promise<ort.InferenceSession> => {
  const key = `${createHash("sha256").update(model).digest("hex")} ${threads}`
  // To make one takes as long as a small training.
  return kept("session", key, () =>
    ort.InferenceSession.create(model, {
      executionMode: "sequential",
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      // It moves a scale into an attribute of the product, which is a float32 whatever the graph computes in.
      extra: { optimization: { disable_specified_optimizers: "MatMulScaleFusion" } },
      logSeverityLevel: 4, // failures come back as errors; nothing is printed
    }),
  )
}
