// What can go wrong between a TF.js function and its numbers, and where in the caller's code it did.
// Knows nothing of graphs or sessions; stages turn a TensorError into their own error at their border.
import { Schema } from "effect"

const Reason = Schema.Literals(["UnknownOp", "Shape", "Dtype", "Backend", "Untraceable", "Memory", "Runtime"])
export type Reason = typeof Reason.Type

/**
 * Why a tensor function could not be compiled or run.
 * `UnknownOp`: an op without a lowering or a gradient. `Shape`: shapes that do not fit. `Dtype`: a precision that
 * would be lost, or a type that is not carried. `Backend`: one that does not load or lacks the dtype.
 * `Untraceable`: a value asked for while only the graph exists. `Memory`: more than a stated bound. `Runtime`: ONNX
 * Runtime refused.
 */
export class TensorError extends Schema.TaggedError<TensorError>()("TensorError", {
  reason: Reason,
  message: Schema.String,
}) {}

/** Thrown by lowerings, which know what is wrong but not in which function; `trace` makes it a TensorError. */
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

/** Whether the error was thrown by TF.js itself, not by the code that calls it. */
export const fromTensorFlow = (error: Error): boolean => isTensorFlow(frames(error)[0] ?? "")

/** The line of the stack that called TF.js, as ` at file:line:column`, or nothing. */
export const callSite = (error: Error): string => {
  const all = frames(error)
  // What is above TF.js was called by it: the lowering that refuses.
  const line = all.slice(all.findIndex(isTensorFlow)).find((frame) => !isTensorFlow(frame))
  return line === undefined ? "" : ` at ${line.replace(/^\s+at /, "")}`
}
