// The gradients of every op, second gradients included: those of TF.js, two repairs to them, and those of slopes.ts.
// TF.js loses the second derivative wherever a gradient uses the op's own output (y' = y for exp): it saves a copy of
// the output that its tape does not connect to the input, so a second derivative silently lacks that term. The repair
// computes the output again from the inputs; in a traced graph that is the same node, so it costs nothing.
// The import of tfjs-layers registers TF.js' gradients; tfjs-core has no entry point of its own for this that node can
// load.
import "@tensorflow/tfjs-layers"
import * as tf from "@tensorflow/tfjs-core"
import { correct, gradientOf } from "./corrected.ts"
import "./slopes.ts" // must come after the gradients that it corrects

/** Ops whose gradient uses their output, with the names of their inputs. */
const FROM_OUTPUT: Readonly<Record<string, readonly string[]>> = {
  Exp: ["x"],
  LogSoftmax: ["logits"],
  Max: ["x"],
  Min: ["x"],
  Pow: ["a", "b"],
  Sigmoid: ["x"],
  Softmax: ["logits"],
  Tanh: ["x"],
}

for (const [kernelName, names] of Object.entries(FROM_OUTPUT)) {
  const { inputsToSave = [], gradFunc } = gradientOf(kernelName)
  correct({
    kernelName,
    inputsToSave: [...names],
    gradFunc: (dy, saved, attributes) => {
      const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]!]))
      const y = tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attributes)
      return gradFunc(dy, [...inputsToSave.map((name) => inputs[name]!), y], attributes)
    },
  })
}

/**
 * Ops that are constant except for jumps, so their gradient is zero. TF.js has this only for GreaterEqual, and throws
 * if a choice depends on one of the others.
 */
const JUMPS: Readonly<Record<string, readonly string[]>> = {
  Equal: ["a", "b"],
  Greater: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  NotEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalNot: ["x"],
  LogicalOr: ["a", "b"],
}

for (const [kernelName, names] of Object.entries(JUMPS)) {
  const gradFunc: tf.GradFunc = (_, saved) =>
    Object.fromEntries(names.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)]))
  correct({ kernelName, inputsToSave: [...names], gradFunc })
}
