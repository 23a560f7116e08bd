// Makes a running ONNX session from the bytes of a model: one session per model and thread count in a process. No
// handle keeps the process alive. Knows nothing about TF.js.
import { createHash } from "node:crypto"
import * as ort from "onnxruntime-node"
import { kept } from "../../pipeline/stage.ts"

const DISABLED = [
  // Would move a scale into an attribute of the product, and attributes are float32 in every graph.
  "MatMulScaleFusion",
  // Would undo the choice of matmul.ts.
  "GemmTransposeFusion",
]

/** The session of these model bytes; it splits work over `threads` threads. */
export const sessionOf = (model: Uint8Array, threads: number): Promise<ort.InferenceSession> => {
  const key = `${createHash("sha256").update(model).digest("hex")} ${threads}`
  // Creating a session takes as long as a small training.
  return kept("session", key, () =>
    ort.InferenceSession.create(model, {
      executionMode: "sequential",
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      extra: { optimization: { disable_specified_optimizers: DISABLED.join(";") } },
      logSeverityLevel: 4, // failures are thrown as errors; nothing is printed
    }),
  )
}
