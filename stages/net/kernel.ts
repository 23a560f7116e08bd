// Computes the tangent kernel of a net, summed over layers and traced over outputs. Let delta be the gradient of an
// output by a layer's preactivation, and z the layer's scaled input. A dense layer adds (delta . delta') (z . z'),
// without a Jacobian; a convolution adds the product of the gradients of each point. The tangents of one side are held,
// as far as memory allows, so that those of the other side are made once. Knows nothing about data or training.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { type Options, jit } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { groupOf, grouped } from "./group.ts"
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

  /** Theta between a and b; the tangents of a are held. */
  const between: Kernel = async (weights, a, b) => {
    const same = a === b
    const [n, m] = [a.shape[0]!, b.shape[0]!]
    const given = grouped("w", weights)
    const plan = planOf(model, weights, a, m, memory, options.dtype)
    const tangentsOfRows = (x: Tensor, from: number, to: number): Promise<Tensors> =>
      joined(to - from, plan.lot, (first, count) => tangents({ ...given, x: sliceRows(x, from + first, count) }))
    const K = new Float64Array(n * m)
    for (const [from, to] of partsOf(n, plan.held)) {
      const held = await tangentsOfRows(a, from, to)
      for (const [first, last] of partsOf(same ? from : m, plan.block)) {
        const others = await tangentsOfRows(b, first, last)
        const { K: part } = await products({ ...grouped("a", held), ...grouped("b", others) })
        place(K, m, part!, from, first)
        if (same) place(K, m, transposed(part!), first, from)
      }
      if (!same) continue
      const blocks = partsOf(to - from, plan.block)
      for (const [i, [top, bottom]] of blocks.entries())
        for (const [left, right] of blocks.slice(0, i + 1)) {
          const sides = [rowsOf(held, top, bottom), rowsOf(held, left, right)] as const
          const { K: part } = await products({ ...grouped("a", sides[0]), ...grouped("b", sides[1]) })
          place(K, m, part!, from + top, from + left)
          if (top !== left) place(K, m, transposed(part!), from + left, from + top)
        }
    }
    return { shape: [n, m], data: K }
  }

  return async (weights, a, b) => {
    // Fewer points are held, so that they rarely need more than one part.
    const few = b.shape[0]! < a.shape[0]!
    const { shape, data } = few ? transposed(await between(weights, b, a)) : await between(weights, a, b)
    return { shape, data: options.dtype === "float32" ? Float32Array.from(data) : data }
  }
}

/** Parts of equal size, at most `most`, that cover n points. The last begins early, for one program. */
const partsOf = (n: number, most: number): ReadonlyArray<readonly [from: number, to: number]> => {
  const count = Math.ceil(n / most)
  const size = Math.ceil(n / count)
  return Array.from({ length: count }, (_, i) => {
    const from = Math.min(i * size, n - size)
    return [from, from + size]
  })
}

/** The tangents of n points, made a lot at a time. */
const joined = async (
  n: number,
  most: number,
  make: (from: number, count: number) => Promise<Tensors>,
): Promise<Tensors> => {
  const lots = partsOf(n, most)
  const held: Record<string, Tensor> = {}
  for (const [from, to] of lots)
    for (const [name, { shape, data }] of Object.entries(await make(from, to - from))) {
      if (lots.length === 1) held[name] = { shape, data }
      else {
        const width = data.length / (to - from)
        held[name] ??= { shape: shape.with(0, n), data: new (data.constructor as Float64ArrayConstructor)(n * width) }
        held[name].data.set(data, from * width)
      }
    }
  return held
}

const rowsOf = (held: Tensors, from: number, to: number): Tensors =>
  Object.fromEntries(Object.entries(held).map(([name, array]) => [name, sliceRows(array, from, to - from)]))

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
