// Computes the tangent kernel of a net, summed over layers and traced over outputs. Let delta be the gradient of an
// output by a layer's preactivation, and z the layer's scaled input. A dense layer adds (delta . delta') (z . z'),
// without a Jacobian; a convolution adds the product of the gradients of each point. The tangents of one side are held,
// as far as memory allows, so that those of the other side are made once. Knows nothing about data or training.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { type Options, jit } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { groupOf, grouped, mapped } from "./group.ts"
import { planOf } from "./kernel-plan.ts"
import type { Model } from "./model.ts"
import { tangentsOf } from "./tangents.ts"

export interface KernelOptions extends Options {
  /** Bytes that a kernel and its intermediate arrays may take; the default is 4 GiB. */
  readonly memory?: number
}

/** Theta between the points a (n, …) and b (m, …): (n, m), summed over all trained weights and biases. */
export type Kernel = (weights: Tensors, a: Tensor, b: Tensor) => Promise<Tensor>

/** Compiles the kernel of a net. The promise fails with TensorError: `Memory` before anything is computed. */
export const kernelOf = (model: Model, { memory = 4 * 2 ** 30, ...options }: KernelOptions): Kernel => {
  const made = (arrays: Readonly<Record<string, tf.Tensor>>) => tangentsOf(model, groupOf("w", arrays), arrays["x"]!)
  const tangents = jit("tangents", made, options)
  const products = jit("kernel", (arrays) => ({ K: gram(groupOf("a", arrays), groupOf("b", arrays)) }), options)

  return async (weights, a, b) => {
    const [n, m] = [a.shape[0]!, b.shape[0]!]
    const K = new Float64Array(n * m)
    if (K.length === 0) return { shape: [n, m], data: K }
    const same = a === b
    // Fewer points are held, so that they rarely need more than one part.
    const turned = m < n
    const [few, many] = turned ? [b, a] : [a, b]
    const plan = planOf(model, weights, sliceRows(few, 0, 1), [few.shape[0]!, many.shape[0]!], memory, options.dtype)
    const given = grouped("w", weights)
    const heldSize = evenly(few.shape[0]!, plan.held)
    const blockSize = evenly(same ? heldSize : many.shape[0]!, plan.block)
    const tangentsOfRows = (x: Tensor, [from, to]: Part): Promise<Tensors> => {
      const size = evenly(to - from, plan.lot)
      return joined(to - from, size, ([first, last]) => tangents({ ...given, x: rowsOf(x, from + first, from + last) }))
    }
    /** Computes the kernel between held points, from `row` on, and others, from `column` on. */
    const fill = async (held: Tensors, row: number, others: Tensors, column: number): Promise<void> => {
      const { K: part } = await products({ ...grouped("a", held), ...grouped("b", others) })
      if (same || !turned) place(K, m, part!, row, column)
      if (turned || (same && row !== column)) place(K, m, transposed(part!), column, row)
    }
    for (const [from, to] of partsOf(few.shape[0]!, heldSize)) {
      const held = await tangentsOfRows(few, [from, to])
      for (const part of partsOf(same ? from : many.shape[0]!, blockSize))
        await fill(held, from, await tangentsOfRows(many, part), part[0])
      if (!same) continue
      const blocks = partsOf(to - from, blockSize)
      for (const [i, [top, bottom]] of blocks.entries())
        for (const [left, right] of blocks.slice(0, i + 1))
          await fill(rowsOfAll(held, top, bottom), from + top, rowsOfAll(held, left, right), from + left)
    }
    return { shape: [n, m], data: options.dtype === "float32" ? Float32Array.from(K) : K }
  }
}

type Part = readonly [from: number, to: number]

/** The size of equal parts of n points, at most `most`. */
const evenly = (n: number, most: number): number => Math.ceil(n / Math.ceil(n / most))

/** Parts of this size that cover n points. The last begins early, so that all have one shape and one program. */
const partsOf = (n: number, size: number): ReadonlyArray<Part> =>
  Array.from({ length: Math.ceil(n / size) }, (_, i) => {
    const from = Math.max(0, Math.min(i * size, n - size))
    return [from, Math.min(n, from + size)]
  })

/** The tangents of n points, made `size` points at a time. */
const joined = async (n: number, size: number, make: (part: Part) => Promise<Tensors>): Promise<Tensors> => {
  const parts = partsOf(n, size)
  if (parts.length === 1) return make(parts[0]!)
  const all: Record<string, Tensor> = {}
  for (const part of parts)
    for (const [name, { shape, data }] of Object.entries(await make(part))) {
      const width = data.length / size
      all[name] ??= { shape: shape.with(0, n), data: new (data.constructor as Float64ArrayConstructor)(n * width) }
      all[name].data.set(data, part[0] * width)
    }
  return all
}

const rowsOf = (array: Tensor, from: number, to: number): Tensor => sliceRows(array, from, to - from)
const rowsOfAll = (arrays: Tensors, from: number, to: number): Tensors =>
  mapped(arrays, (array) => rowsOf(array, from, to))

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
