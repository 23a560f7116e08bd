// The errors between a TF.js function and its numbers, and the place in the caller's code where they occur. Stages turn
// a TensorError into their own error (stage-error.ts). Knows nothing about graphs or sessions.
import { Schema } from "effect"

const Reason = Schema.Literals(["UnknownOp", "Shape", "Dtype", "Backend", "Untraceable", "Memory", "Runtime"])
export type Reason = typeof Reason.Type

/**
 * Why a tensor function could not be compiled or run.
 * - `UnknownOp`: an op without a lowering or a gradient.
 * - `Shape`: shapes that do not fit.
 * - `Dtype`: a precision that would be lost, or a type that is not supported.
 * - `Backend`: a backend that does not load or lacks the dtype.
 * - `Untraceable`: a value was read while only the graph exists.
 * - `Memory`: more memory than a stated bound.
 * - `Runtime`: ONNX Runtime refused.
 */
export class TensorError extends Schema.TaggedError<TensorError>()("TensorError", {
  reason: Reason,
  message: Schema.String,
}) {}

/** Thrown by lowerings, which know the problem but not the function; `trace` turns a Refusal into a TensorError. */
export class Refusal extends Error {
  readonly reason: Reason
  constructor(reason: Reason, message: string) {
    super(message)
    this.reason = reason
  }
}

const frames = (error: Error): ReadonlyArray<string> =>
  (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))
const isTensorFlow = (frame: string): boolean => frame.includes("@tensorflow/")

/** Whether TF.js itself threw the error, and not the code that calls TF.js. */
export const fromTensorFlow = (error: Error): boolean => isTensorFlow(frames(error)[0] ?? "")

/** The line of the stack that called TF.js, as ` at file:line:column`, or an empty string. */
export const callSite = (error: Error): string => {
  const all = frames(error)
  // The frames above TF.js were called by TF.js: they belong to the lowering that refuses.
  const line = all.slice(all.findIndex(isTensorFlow)).find((frame) => !isTensorFlow(frame))
  return line === undefined ? "" : ` at ${line.replace(/^\s+at /, "")}`
}
