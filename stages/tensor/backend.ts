// A TF.js backend that computes nothing: the data id of a tensor is a value of the graph being traced. Knows nothing
// about the kernels (trace.ts) or the use of the graph.
import * as tf from "@tensorflow/tfjs-core"
import { Refusal } from "./error.ts"
import { assertExact } from "./exact.ts"
import type { Graph, Value } from "./graph.ts"
import { expand } from "./ops/build.ts"
import { elementOf } from "./ops/shape.ts"

/** The name under which kernels are registered. */
export const NAME = "trace"

const FOREIGN = "a tensor made outside of the function is used in it: pass it as an input, or as constant(…)"

class TracingBackend extends tf.KernelBackend {
  #graph: Graph | undefined

  /** Whether a function is being traced at this moment. */
  get active(): boolean {
    return this.#graph !== undefined
  }

  get graph(): Graph {
    if (this.#graph === undefined) throw new Refusal("Untraceable", "no function is being traced")
    return this.#graph
  }

  /**
   * Runs `f` with `graph`, while this backend is active and computes by `kernels`. Everything is synchronous, and TF.js
   * is restored afterwards, so no other code meets this backend.
   */
  during<A>(graph: Graph, kernels: ReadonlyArray<tf.KernelConfig>, f: () => A): A {
    const before = tf.engine().backendName as string | null | undefined
    this.#graph = graph
    tf.registerBackend(NAME, () => this, -1)
    for (const kernel of kernels) tf.registerKernel(kernel)
    try {
      void tf.setBackend(NAME)
      return f()
    } finally {
      this.#graph = undefined
      if (typeof before === "string") void tf.setBackend(before)
      tf.removeBackend(NAME)
      for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, NAME)
    }
  }

  override dispose(): void {}

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): Value {
    const { graph } = this
    const element = elementOf(graph, dtype)
    const numbers = values as Float32Array | Int32Array | Uint8Array
    if (element === "float64") assertExact(numbers)
    // TF.js writes ones and zeros at full size. Here they become one number, which is broadcast where it is needed.
    const uniform = numbers.length > 0 && numbers.every((x) => Object.is(x, numbers[0]))
    if (uniform) return expand(graph, graph.constant([numbers[0]!], { shape: [], element }), shape)
    return graph.constant(numbers, { shape, element })
  }

  override readSync(): never {
    throw new Refusal("Untraceable", "the elements of a tensor are not known while its function is traced")
  }

  override async read(): Promise<never> {
    return this.readSync()
  }

  // Equal nodes share a value, so no tensor owns a value.
  override disposeData(): boolean {
    return false
  }
  override incRef(): void {}
  override numDataIds(): number {
    return 0
  }
}

export const backend = new TracingBackend()

/** The graph's value as tensor info for TF.js; every float is float32 for TF.js. */
export const infoOf = (value: Value): tf.TensorInfo => {
  const dtype = value.element === "int32" || value.element === "bool" ? value.element : "float32"
  return { dataId: value, shape: [...value.shape], dtype }
}

/** The graph's value behind a tensor. @throws Refusal for a tensor of another backend. */
export const valueOf = ({ dataId }: tf.TensorInfo): Value => {
  if (!("op" in dataId)) throw new Refusal("Untraceable", FOREIGN)
  return dataId as Value
}

/** The tensor that stands for a value of the graph. */
export const tensorOf = (value: Value): tf.Tensor => tf.engine().makeTensorFromTensorInfo(infoOf(value), backend)

tf.env().set("PROD", true) // otherwise TF.js prints advice about backends
