// Runs a model as a function of named arrays: feeds inputs, fetches outputs, keeps one program for each set of shapes,
// and reports failures. Knows nothing about TF.js or how a graph was made.
import * as ort from "onnxruntime-node"
import type { Tensor } from "../../pipeline/stage.ts"
import { inputName, outputName } from "./encode.ts"
import { TensorError } from "./error.ts"
import type { Element, Form } from "./graph.ts"
import { sessionOf } from "./session.ts"

export type Arrays = Readonly<Record<string, Tensor>>
export type Program = (inputs: Arrays) => Promise<Arrays>

const elementOf = (data: Tensor["data"]): Exclude<Element, "int64" | "bool"> => {
  if (data instanceof Float64Array) return "float64"
  if (data instanceof Float32Array) return "float32"
  return data instanceof Int32Array ? "int32" : "uint8"
}

/** Shapes and element types of the inputs. */
export const formsOf = (inputs: Arrays): Readonly<Record<string, Form>> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, { shape, element: elementOf(data) }]),
  )

/** The shapes and types that a graph is traced for, as text. The order of the keys does not matter. */
const signature = (inputs: Arrays): string => {
  let text = ""
  for (const name of Object.keys(inputs).sort())
    text += `${name}:${elementOf(inputs[name]!.data)}[${inputs[name]!.shape.join()}] `
  return text
}

/** Loads a model with these inputs and outputs; every failure message contains `name`. */
export const load = async (
  name: string,
  model: Uint8Array,
  inputs: ReadonlyArray<string>,
  outputs: ReadonlyArray<string>,
  threads: number,
): Promise<Program> => {
  const session = await sessionOf(model, threads).catch((cause: unknown) => {
    throw new TensorError({
      reason: "Runtime",
      message: `in ${name}: ONNX Runtime does not take the graph: ${String(cause)}`,
    })
  })
  const fetches = outputs.map((key) => [key, outputName(key)] as const)
  const feeds = inputs.map((key) => [key, inputName(key)] as const)
  return async (given) => {
    try {
      const fed: Record<string, ort.Tensor> = {}
      for (const [key, fedAs] of feeds)
        fed[fedAs] = new ort.Tensor(elementOf(given[key]!.data), given[key]!.data, given[key]!.shape)
      const results = await session.run(fed)
      const made: Record<string, Tensor> = {}
      for (const [key, fetchedAs] of fetches) {
        const { dims, data } = results[fetchedAs]!
        made[key] = { shape: dims, data: data as Tensor["data"] }
      }
      return made
    } catch (cause) {
      throw new TensorError({
        reason: "Runtime",
        message: `in ${name}(${signature(given).trimEnd()}): ${String(cause)}`,
      })
    }
  }
}

/** One program for each set of shapes and element types that occurs, made once. */
export const perForms = (make: (forms: Readonly<Record<string, Form>>) => Promise<Program>): Program => {
  const made = new Map<string, Promise<Program>>()
  const programFor = (inputs: Arrays): Promise<Program> => {
    const key = signature(inputs)
    const known = made.get(key)
    if (known !== undefined) return known
    const program = make(formsOf(inputs))
    made.set(key, program)
    return program
  }
  return async (inputs) => (await programFor(inputs))(inputs)
}
