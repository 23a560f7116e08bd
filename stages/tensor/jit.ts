// The door of this room: a TF.js function becomes a compiled one. Which shapes were seen, which backend computes.
// Knows no op; stages meet only this file and constant.ts.
import * as ort from "onnxruntime-node"
import type { Tensor } from "../../pipeline/stage.ts"
import { runEagerly } from "./eager.ts"
import { encode, inputName, outputName } from "./encode.ts"
import { TensorError } from "./error.ts"
import { fuse } from "./fuse.ts"
import type { Dtype, Element } from "./graph.ts"
import { sessionOf } from "./session.ts"
import { type Fn, type Traced, trace } from "./trace.ts"

export type { Dtype } from "./graph.ts"
/** Who computes: ONNX Runtime, or TF.js itself, eagerly and in float32 only. */
export type Backend = "onnx" | "cpu" | "tensorflow"

/** A function of named arrays. Its outputs are new arrays; floats have the dtype, bool is Uint8Array. */
export interface Compiled<I extends string = string, O extends string = string> {
  (inputs: Readonly<Record<I, Tensor>>): Promise<Readonly<Record<O, Tensor>>>
}

type Inputs = Readonly<Record<string, Tensor>>

const elementOf = (data: Tensor["data"]): Exclude<Element, "int64" | "bool"> => {
  if (data instanceof Float64Array) return "float64"
  if (data instanceof Float32Array) return "float32"
  return data instanceof Int32Array ? "int32" : "uint8"
}

/** What a graph is traced for; the keys stay in the caller's order, which a caller keeps. */
const signature = (inputs: Inputs): string => {
  let text = ""
  for (const name in inputs) text += `${name}:${elementOf(inputs[name]!.data)}[${inputs[name]!.shape.join()}] `
  return text
}

const compile = async (name: string, traced: Traced, threads: number): Promise<Compiled> => {
  const outputs = fuse(traced)
  const session = await sessionOf(encode(traced.inputs, outputs), threads).catch((cause: unknown) => {
    throw new TensorError({ reason: "Runtime", message: `in ${name}: ONNX Runtime does not take the graph: ${String(cause)}` })
  })
  const fetches = Object.keys(outputs).map((key) => [key, outputName(key)] as const)
  const feeds = Object.keys(traced.inputs).map((key) => [key, inputName(key)] as const)
  return async (inputs) => {
    try {
      const fed: Record<string, ort.Tensor> = {}
      for (const [key, fedAs] of feeds) fed[fedAs] = new ort.Tensor(elementOf(inputs[key]!.data), inputs[key]!.data, inputs[key]!.shape)
      const results = await session.run(fed)
      const made: Record<string, Tensor> = {}
      for (const [key, fetchedAs] of fetches) {
        const { dims, data } = results[fetchedAs]!
        made[key] = { shape: dims, data: data as Tensor["data"] }
      }
      return made
    } catch (cause) {
      throw new TensorError({ reason: "Runtime", message: `in ${name}(${signature(inputs).trimEnd()}): ${String(cause)}` })
    }
  }
}

/**
 * Compiles `fn` for each set of input shapes and types it meets: traced once, run as often as needed.
 * Inputs may be any Tensor: Float64Array and Float32Array are cast to `dtype` inside the graph, Int32Array and
 * Uint8Array are int32 to TF.js. Constants that need more than float32 go through `constant`.
 * `threads` (default 1) changes bits, since it changes how sums are split. The promise fails with TensorError.
 */
export const jit = <I extends string, O extends string>(
  name: string,
  fn: Fn<I, O>,
  options: { readonly dtype: Dtype; readonly backend?: Backend; readonly threads?: number },
): Compiled<I, O> => {
  const { dtype, backend = "onnx", threads = 1 } = options
  if (backend !== "onnx") return (inputs) => runEagerly(name, fn, dtype, backend, inputs)
  const compiled = new Map<string, Promise<Compiled>>()
  const compiledFor = (inputs: Inputs): Promise<Compiled> => {
    const key = signature(inputs)
    const known = compiled.get(key)
    if (known !== undefined) return known
    const forms = Object.fromEntries(Object.entries(inputs).map(([key, { shape, data }]) => [key, { shape, element: elementOf(data) }]))
    const made = (async () => compile(name, trace(name, fn as Fn, dtype, forms), threads))()
    compiled.set(key, made)
    return made
  }
  return async (inputs) => (await compiledFor(inputs))(inputs) as Promise<Readonly<Record<O, Tensor>>>
}
