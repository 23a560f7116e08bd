// Computes the tangent kernel of a net, summed over layers and traced over outputs. Let delta be the gradient of an
// output by a layer's preactivation, and z the layer's scaled input. A dense layer adds (delta . delta') (z . z'),
// without a Jacobian; a convolution adds the product of the gradients of each point. Points are taken in chunks that
// fit a given bound of memory. Knows nothing about data or training.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { TensorError } from "../tensor/error.ts"
import { type Options, jit, outputShapes } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { groupOf, grouped } from "./group.ts"
import type { Model } from "./model.ts"
import { tangentsOf } from "./tangents.ts"

export interface KernelOptions extends Options {
  /** Bytes that a kernel and its intermediate arrays may take; the default is 4 GiB. */
  readonly memory?: number
}

/** Theta between the points a (n, …) and b (m, …): (n, m), summed over all trained weights and biases. */
export type Kernel = (weights: Tensors, a: Tensor, b: Tensor) => Promise<Tensor>

/**
 * Largest length and width of a chunk: its products then stay in reach of the cache, and joining chunks costs little.
 */
const LONGEST = 2048

/** Compiles the kernel of a net. The promise fails with TensorError: `Memory` before anything is computed. */
export const kernelOf = (model: Model, { memory = 4 * 2 ** 30, ...options }: KernelOptions): Kernel => {
  const tangents = jit("tangents", (arrays) => tangentsOf(model, groupOf("w", arrays), arrays["x"]!), options)
  const products = jit("kernel", (arrays) => ({ K: gram(groupOf("a", arrays), groupOf("b", arrays)) }), options)
  return async (weights, a, b) => {
    const given = (x: Tensor) => ({ ...grouped("w", weights), x })
    const size = chunkSize(model, weights, a, b, memory, options)
    const [n, m] = [a.shape[0]!, b.shape[0]!]
    const K = new Float64Array(n * m)
    const same = a === b
    for (let i = 0; i < n; i += size) {
      const left = await tangents(given(sliceRows(a, i, size)))
      for (let j = 0; j < (same ? i + 1 : m); j += size) {
        const right = same && j === i ? left : await tangents(given(sliceRows(b, j, size)))
        const { K: part } = await products({ ...grouped("a", left), ...grouped("b", right) })
        place(K, m, part!, i, j)
        if (same && j < i) place(K, m, transposed(part!), j, i)
      }
    }
    return { shape: [n, m], data: options.dtype === "float32" ? Float32Array.from(K) : K }
  }
}

const inner = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true)

/** The kernel between the points of two sets of tangents. */
const gram = (a: Readonly<Record<string, tf.Tensor>>, b: Readonly<Record<string, tf.Tensor>>): tf.Tensor => {
  const parts = Object.keys(a)
    .filter((key) => !key.endsWith(".delta"))
    .map((key) => {
      const product = inner(a[key]!, b[key]!)
      const delta = key.replace(/\.z$/, ".delta")
      return delta === key ? product : tf.mul(product, inner(a[delta]!, b[delta]!))
    })
  return parts.reduce((sum, part) => tf.add(sum, part))
}

const said = (bytes: number): string => `${(bytes / 2 ** 20).toPrecision(3)} MiB`

/**
 * The number of points in a chunk: the tangents of two chunks and the kernel between them must fit in memory beside the
 * whole kernel.
 */
const chunkSize = (
  model: Model,
  weights: Tensors,
  a: Tensor,
  b: Tensor,
  memory: number,
  { dtype }: Options,
): number => {
  const bytes = dtype === "float64" ? 8 : 4
  const one = { ...grouped("w", weights), x: sliceRows(a, 0, 1) }
  const shapes = outputShapes("tangents", (arrays) => tangentsOf(model, groupOf("w", arrays), arrays["x"]!), dtype, one)
  // Each of the two sides is held twice: as results, and as the arrays that the results are computed from or fed to.
  const perPoint = 4 * bytes * Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((x, y) => x * y, 1), 0)
  // `whole`: the kernel and, in float32, a copy of the kernel. `perPair`: for each pair of points in a chunk, the
  // products of all layers and their sums.
  const whole = (dtype === "float64" ? 8 : 12) * a.shape[0]! * b.shape[0]!
  const perPair = bytes * (Object.keys(shapes).length + 4)
  const free = memory - whole
  const fitting = Math.min(
    LONGEST,
    a.shape[0]!,
    Math.floor((Math.sqrt(perPoint ** 2 + 4 * perPair * Math.max(0, free)) - perPoint) / (2 * perPair)),
  )
  if (fitting >= 1) return fitting
  const message =
    `in kernel: ${a.shape[0]} x ${b.shape[0]} points take ${said(whole)} and the tangents of a point take ` +
    `${said(perPoint)}, which is more than the limit of ${said(memory)}: use fewer points, or allow more memory`
  throw new TensorError({ reason: "Memory", message })
}

const place = (
  K: Float64Array,
  m: number,
  { shape: [rows = 0, columns = 0], data }: Tensor,
  i: number,
  j: number,
): void => {
  for (let k = 0; k < rows; k++) K.set(data.subarray(k * columns, (k + 1) * columns), (i + k) * m + j)
}

const transposed = ({ shape: [rows = 0, columns = 0], data }: Tensor): Tensor => ({
  shape: [columns, rows],
  data: Float64Array.from({ length: rows * columns }, (_, ij) => data[(ij % rows) * columns + Math.floor(ij / rows)]!),
})
