// Gradients of every op, second ones included: TF.js', two repairs to them, and those of ops/slopes.ts.
// TF.js loses d2y wherever a gradient uses the op's own output (y' = y for exp): it saves a copy of the output that its
// tape does not connect to the input, so a second derivative lacks that term without a word. Here such a gradient gets
// its output computed again from the inputs; in a traced graph that is the same node, so it costs nothing.
// registers the gradients; tfjs-core has no entry of its own for that which node can load
import "@tensorflow/tfjs-layers"
import * as tf from "@tensorflow/tfjs-core"
import { correct, gradientOf } from "./corrected.ts"
import "./slopes.ts" // after the ones it corrects

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

/** Constant but for jumps. TF.js says so of GreaterEqual only, and throws where a choice depends on the others. */
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
