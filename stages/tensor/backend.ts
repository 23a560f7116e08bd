// TF.js sees a backend; behind it nothing is computed: a tensor's data id is a value of the graph being traced.
// Knows which graph is traced now; knows neither the kernels (trace.ts) nor what becomes of the graph.
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

  /** Whether a function is being traced now. */
  get active(): boolean {
    return this.#graph !== undefined
  }

  get graph(): Graph {
    if (this.#graph === undefined) throw new Refusal("Untraceable", "no function is being traced")
    return this.#graph
  }

  /**
   * Runs `f` with `graph` and this backend active, which computes by `kernels`. All is synchronous, and afterwards
   * TF.js is as it was: nobody else meets this backend.
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
    // TF.js writes ones and zeros at full size: one number, broadcast where somebody needs it.
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

  // Equal nodes share a value, so no tensor owns one.
  override disposeData(): boolean {
    return false
  }
  override incRef(): void {}
  override numDataIds(): number {
    return 0
  }
}

export const backend = new TracingBackend()

/** The graph's value as TF.js holds it; every float is its float32. */
export const infoOf = (value: Value): tf.TensorInfo => {
  const dtype = value.element === "int32" || value.element === "bool" ? value.element : "float32"
  return { dataId: value, shape: [...value.shape], dtype }
}

/** The graph's value behind a tensor. @throws Refusal for a tensor of another backend. */
export const valueOf = ({ dataId }: tf.TensorInfo): Value => {
  if (!("op" in dataId)) throw new Refusal("Untraceable", FOREIGN)
  return dataId as Value
}

/** The tensor that stands for the graph's value. */
export const tensorOf = (value: Value): tf.Tensor => tf.engine().makeTensorFromTensorInfo(infoOf(value), backend)

tf.env().set("PROD", true) // TF.js would print advice about backends
