// A large upper triangle U in panels of TILE columns, and the two substitutions with U. All work of order n^3 or n^2 is
// one compiled product a tile, over all rows above the tile. The rows are contiguous, so no product needs a copy of its
// inputs. Knows nothing about where the triangle comes from.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { jit } from "../tensor/jit.ts"

/**
 * 128 is the fastest of 64, 128 and 256 at n = 2000 and 5000. At 256 the plain loops over corners take as long as the
 * products.
 */
export const TILE = 128

export interface Panel {
  /** (height, TILE): the rows above the corner, then zeros. */
  readonly above: Float64Array
  /** (TILE, TILE): the block on the diagonal. */
  readonly corner: Tensor
  readonly inverse: Tensor
}

/**
 * The number of rows above the corner of panel j, zeros included: a multiple of four tiles, at least four tiles. Each
 * height is compiled once; there are few heights, and they are the same for every n. A product with zeros costs less
 * than a compilation.
 */
export const heightOf = (j: number): number => 4 * TILE * Math.max(1, Math.ceil(j / 4))

export const view = (data: Float64Array, rows: number, columns: number): Tensor => ({
  shape: [rows, columns],
  data: data.subarray(0, rows * columns),
})

/**
 * The solution x of u x = c or u^T x = c, from the inverse v of u. The error of a product with an inverse grows with
 * the condition number of u. A second product, with the residual of the first, corrects that error.
 */
const solved = (u: tf.Tensor, v: tf.Tensor, c: tf.Tensor, transposed: boolean): tf.Tensor => {
  const x: tf.Tensor = tf.matMul(v, c, transposed)
  return tf.add(x, tf.matMul(v, tf.sub(c, tf.matMul(u, x, transposed)), transposed))
}

type Inputs<I extends string> = Readonly<Record<I, tf.Tensor>>
const options = { dtype: "float64" } as const

const remainder = jit(
  "remainder",
  ({ c, above }: Inputs<"c" | "above">) => ({ out: tf.sub(c, tf.matMul(above, above, true)) }),
  options,
)
const forth = jit(
  "forth",
  ({ c, above, left, corner, inverse }: Inputs<"c" | "above" | "left" | "corner" | "inverse">) => ({
    out: solved(corner, inverse, tf.sub(c, tf.matMul(above, left, true)), true),
  }),
  options,
)
const back = jit(
  "back",
  ({ c, above, left, corner, inverse }: Inputs<"c" | "above" | "left" | "corner" | "inverse">) => {
    const x = solved(corner, inverse, c, false)
    return { x, left: tf.sub(left, tf.matMul(above, x)) }
  },
  options,
)

/** The block on the diagonal minus the products of the rows `above` the block. */
export const cornerOf = async (block: Tensor, above: Tensor): Promise<Float64Array> =>
  (await remainder({ c: block, above })).out.data as Float64Array

/**
 * The rows of U^-T C at the corner of panel j, from the block of C that belongs to that panel. The rows `before` them
 * are known.
 */
export const panelRows = async (
  { above, corner, inverse }: Panel,
  j: number,
  block: Tensor,
  before: Float64Array,
): Promise<Float64Array> => {
  const height = heightOf(j)
  return (
    await forth({
      c: block,
      above: view(above, height, TILE),
      left: view(before, height, block.shape[1]!),
      corner,
      inverse,
    })
  ).out.data as Float64Array
}

/** (U^T U)^-1 B for B (n, m). */
export const substituted = async (panels: ReadonlyArray<Panel>, b: Float64Array, m: number): Promise<Float64Array> => {
  const part = TILE * m
  const y = new Float64Array(heightOf(panels.length) * m)
  for (const [j, panel] of panels.entries()) {
    const block = new Float64Array(part)
    block.set(b.subarray(j * part, (j + 1) * part))
    y.set(await panelRows(panel, j, { shape: [TILE, m], data: block }, y), j * part)
  }
  const x = new Float64Array(panels.length * part)
  for (const [j, { above, corner, inverse }] of [...panels.entries()].reverse()) {
    const height = heightOf(j)
    const made = await back({
      c: { shape: [TILE, m], data: y.slice(j * part, (j + 1) * part) },
      above: view(above, height, TILE),
      left: view(y, height, m),
      corner,
      inverse,
    })
    x.set(made.x.data, j * part)
    y.set(made.left.data)
  }
  return x.slice(0, b.length)
}
