// Traces a TF.js function: runs it once with kernels that add nodes to a graph instead of computing. The tape of TF.js
// runs above its backends, so gradients are traced like any other op. Knows nothing about runtimes or bytes.
import * as tf from "@tensorflow/tfjs-core"
import { NAME, backend, infoOf, tensorOf, valueOf } from "./backend.ts"
import { withCorrected } from "./corrected.ts"
import { Refusal, TensorError, callSite, fromTensorFlow } from "./error.ts"
import "./gradients.ts"
import { type Dtype, type Form, Graph, type Value } from "./graph.ts"
import { type Lowering, cast } from "./ops/build.ts"
import { lowerings } from "./ops/table.ts"

/** A plain function of named TF.js tensors; it may use tf.grads and similar functions. */
export type Fn<I extends string = string, O extends string = string> = (
  inputs: Record<I, tf.Tensor>,
) => Record<O, tf.Tensor>

export interface Traced {
  readonly graph: Graph
  readonly inputs: Readonly<Record<string, Value>>
  readonly outputs: Readonly<Record<string, Value>>
}

const form = ({ element, shape }: Form): string => `${element}[${shape.join()}]`

/** Runs one lowering. A refusal gets the op and its inputs in its message. */
const record = (
  kernel: string,
  lowering: Lowering,
  given: tf.NamedTensorInfoMap,
  attributes: object,
): tf.TensorInfo | tf.TensorInfo[] => {
  const entries = Object.entries(given).flatMap(([name, info]) => (info ? [[name, valueOf(info)] as const] : []))
  try {
    const made = lowering(backend.graph, Object.fromEntries(entries) as never, attributes as never)
    return "op" in made ? infoOf(made) : made.map(infoOf)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    error.message = `${kernel}(${entries.map(([, value]) => form(value)).join(", ")}): ${error.message}`
    throw error
  }
}

const kernels = Object.entries(lowerings).map(([kernelName, lowering]): tf.KernelConfig => ({
  kernelName,
  backendName: NAME,
  kernelFunc: ({ inputs, attrs }) => record(kernelName, lowering, inputs, attrs ?? {}),
}))

/** The messages of TF.js, in plain errors, for an op without a kernel or a gradient. */
const MISSING = [/Kernel '(?<op>\w+)' not registered/, /gradient function not found for (?<op>\w+)/]

const explain = (name: string, error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  const where = `in ${name}${callSite(error)}`
  if (error instanceof Refusal) return new TensorError({ reason: error.reason, message: `${where}: ${error.message}` })
  if (!fromTensorFlow(error)) return error
  const op = MISSING.map((pattern) => pattern.exec(error.message)?.groups?.["op"]).find((found) => found !== undefined)
  if (op === undefined) return new TensorError({ reason: "Shape", message: `${where}: ${error.message}` })
  return new TensorError({
    reason: "UnknownOp",
    message: `${where}: op ${op} has no ${op in lowerings ? "gradient" : "lowering"}`,
  })
}

/** For TF.js, integers of any width are int32 and floats of any width are float32. */
const seen = (graph: Graph, value: Value): Value =>
  cast(graph, value, value.element === "uint8" || value.element === "int32" ? "int32" : graph.dtype)

/**
 * Runs `fn` on symbolic inputs of the given forms.
 * @throws TensorError that names the function, the op and the calling line; an error of `fn` itself passes through.
 */
export const trace = (
  name: string,
  fn: Fn,
  dtype: Dtype,
  forms: Readonly<Record<string, Form>>,
  channelBlock?: number,
): Traced => {
  const graph = new Graph(dtype, channelBlock)
  // Sorted, so that a graph does not depend on the order of the caller's record.
  const names = Object.keys(forms).sort()
  const inputs = Object.fromEntries(names.map((key) => [key, graph.input(key, forms[key]!)]))
  const outputs: Record<string, Value> = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100 // the call site of a gradient is far below TF.js' own frames
  try {
    backend.during(graph, kernels, () =>
      withCorrected(() =>
        tf.tidy(() => {
          const made = fn(Object.fromEntries(names.map((key) => [key, tensorOf(seen(graph, inputs[key]!))])))
          for (const key of Object.keys(made).sort()) outputs[key] = valueOf(made[key]!)
        }),
      ),
    )
  } catch (error) {
    throw explain(name, error)
  } finally {
    Error.stackTraceLimit = limit
  }
  return { graph, inputs, outputs }
}
