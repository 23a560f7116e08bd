// Compiles a TF.js function for a backend and a dtype. iterate.ts compiles steps that run many times. Knows nothing
// about ops.
import type { Tensor } from "../../pipeline/stage.ts"
import { traceInBlocks } from "./channel-block.ts"
import { runEagerly } from "./eager.ts"
import { encode } from "./encode.ts"
import { fuse } from "./fuse.ts"
import { type Dtype, live } from "./graph.ts"
import { formsOf, load, perForms } from "./program.ts"
import { type Fn, trace } from "./trace.ts"

export type { Dtype } from "./graph.ts"
/** `onnx` is ONNX Runtime. The others are TF.js itself, eager and in float32 only. */
export type Backend = "onnx" | "cpu" | "tensorflow"

export interface Options {
  readonly dtype: Dtype
  readonly backend?: Backend
  /** The default is 1. Another number changes bits, since it changes how sums are split. */
  readonly threads?: number
  /**
   * Whether float32 convolutions use ONNX Runtime's blocked layout on processors that have it; the default is true. The
   * two lowerings round differently.
   */
  readonly blocked?: boolean
}

/** A function of named arrays. Its outputs are new arrays; floats have the dtype, and bool is a Uint8Array. */
export interface Compiled<I extends string = string, O extends string = string> {
  (inputs: Readonly<Record<I, Tensor>>): Promise<Readonly<Record<O, Tensor>>>
}

/**
 * Compiles `fn` for each set of input shapes and types that occurs: traced once, run as often as needed. Inputs may be
 * any Tensor: Float64Array and Float32Array are cast to `dtype` inside the graph; Int32Array and Uint8Array are int32
 * in TF.js. Constants that need more than float32 go through `constant`. The promise fails with TensorError.
 */
export const jit = <I extends string, O extends string>(
  name: string,
  fn: Fn<I, O>,
  options: Options,
): Compiled<I, O> => {
  const { dtype, backend = "onnx", threads = 1, blocked = true } = options
  if (backend !== "onnx") return (inputs) => runEagerly(name, fn, dtype, backend, inputs)
  return perForms(async (forms) => {
    const traced = await traceInBlocks(name, fn as Fn, dtype, forms, blocked)
    const outputs = fuse(traced)
    return load(name, encode(traced.inputs, outputs), Object.keys(traced.inputs), Object.keys(outputs), threads)
  }) as Compiled<I, O>
}

/** The output shapes of `fn` for such inputs; nothing is computed. @throws TensorError as `jit` does. */
export const outputShapes = <I extends string, O extends string>(
  name: string,
  fn: Fn<I, O>,
  dtype: Dtype,
  inputs: Readonly<Record<I, Tensor>>,
): Readonly<Record<O, ReadonlyArray<number>>> => {
  const { outputs } = trace(name, fn as Fn, dtype, formsOf(inputs))
  return Object.fromEntries(Object.entries(outputs).map(([key, { shape }]) => [key, shape])) as Record<
    O,
    ReadonlyArray<number>
  >
}

/**
 * The output shapes of `fn`, and the numbers in all arrays that `fn` computes from the input `of`, on the way and at
 * the end: about three times as many as are in memory at once. Nothing is computed. @throws TensorError as `jit` does.
 */
export const sizesFrom = <I extends string, O extends string>(
  name: string,
  fn: Fn<I, O>,
  dtype: Dtype,
  inputs: Readonly<Record<I, Tensor>>,
  of: I,
): { readonly outputs: ReadonlyArray<ReadonlyArray<number>>; readonly numbers: number } => {
  const traced = trace(name, fn as Fn, dtype, formsOf(inputs))
  const outputs = Object.values(traced.outputs)
  const found = new Set([traced.inputs[of]!])
  let numbers = 0
  for (const value of live(outputs)) {
    if (!value.inputs.some((input) => found.has(input))) continue
    found.add(value)
    numbers += value.shape.reduce((a, b) => a * b, 1)
  }
  return { outputs: outputs.map(({ shape }) => shape), numbers }
}
