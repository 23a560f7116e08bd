// How many channels does a block of ONNX Runtime's blocked layout (NCHWc) have on this processor? ONNX Runtime does not
// say. So a small function is computed with each known size, once in a process that has a convolution, and compared
// with the lowering that needs no blocks. Knows nothing about how a convolution is lowered.
import * as tf from "@tensorflow/tfjs-core"
import { kept, type Tensor } from "../../pipeline/stage.ts"
import { encode } from "./encode.ts"
import type { Dtype, Form } from "./graph.ts"
import { type Arrays, formsOf, load } from "./program.ts"
import { type Fn, type Traced, trace } from "./trace.ts"

/** With AVX-512, and with AVX2. */
const SIZES = [16, 8]

const CHANNELS = 20
/** Two correct results differ by less: sums of 180 products in float32. */
const CLOSE = 1e-4

const waves = (shape: ReadonlyArray<number>): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
})
const inputs: Arrays = {
  x: waves([14, 5, 5, CHANNELS]),
  w: waves([3, 3, CHANNELS, CHANNELS]),
  d: waves([3, 3, CHANNELS, 1]),
}

const convolved = (x: tf.Tensor, w: tf.Tensor, d: tf.Tensor): tf.Tensor =>
  tf.depthwiseConv2d(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1), d as tf.Tensor4D, 2, "same")

/** A convolution and a depthwise convolution, with their gradients. */
const small: Fn = ({ x, w, d }) => {
  const { value, grads } = tf.valueAndGrads((...given: Array<tf.Tensor>) =>
    tf.sum(tf.square(convolved(given[0]!, given[1]!, given[2]!))),
  )([x!, w!, d!])
  return { value, dx: grads[0]!, dw: grads[1]!, dd: grads[2]! }
}

const computed = async (channelBlock?: number): Promise<Arrays> => {
  const traced = trace("channelBlock", small, "float32", formsOf(inputs), channelBlock)
  const outputs = Object.keys(traced.outputs)
  const program = await load(
    "channelBlock",
    encode(traced.inputs, traced.outputs),
    Object.keys(traced.inputs),
    outputs,
    1,
  )
  return program(inputs)
}

const close = (a: Arrays, b: Arrays): boolean =>
  Object.entries(a).every(([name, { data }]) => {
    const largest = Math.max(...data.map(Math.abs))
    return data.every((value, i) => Math.abs(value - b[name]!.data[i]!) <= CLOSE * largest)
  })

const found = async (): Promise<number | undefined> => {
  const plain = await computed()
  for (const size of SIZES) {
    // Another size gives shapes that ONNX Runtime refuses, or other numbers.
    const blocked = await computed(size).catch(() => undefined)
    if (blocked !== undefined && close(plain, blocked)) return size
  }
  return undefined
}

let asked: Promise<number | undefined> | undefined

/** The size of a block; undefined where convolutions cannot be computed in blocks. */
export const channelBlock = (): Promise<number | undefined> => (asked ??= kept("channel block", "", found))

/** Traces as `trace` does, with convolutions in blocks if they are `wanted` and the processor has them. */
export const traceInBlocks = async (
  name: string,
  fn: Fn,
  dtype: Dtype,
  forms: Readonly<Record<string, Form>>,
  wanted: boolean,
): Promise<Traced> => {
  const plain = trace(name, fn, dtype, forms)
  const size = wanted && plain.graph.wantsBlocks ? await channelBlock() : undefined
  return size === undefined ? plain : trace(name, fn, dtype, forms, size)
}
