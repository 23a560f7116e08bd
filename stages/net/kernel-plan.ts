// How many points of a tangent kernel are taken at a time, so that it stays within a bound of memory. Knows nothing
// about how the kernel is computed from tangents.
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { TensorError } from "../tensor/error.ts"
import { type Dtype, madeBy } from "../tensor/jit.ts"
import { sliceRows } from "../tensor/rows.ts"
import { groupOf, grouped } from "./group.ts"
import type { Model } from "./model.ts"
import { tangentsOf } from "./tangents.ts"

export interface KernelPlan {
  /** Points whose tangents are held. */
  readonly held: number
  /** Points whose tangents are made at a time. */
  readonly lot: number
  /** Points between which and the held ones products are taken at a time. */
  readonly block: number
}

/** The largest lot and block: their products then stay in reach of the cache, and calls cost little. */
const LONGEST = 2048
/** Bytes that the making of a lot's tangents may take. With more, each array is new memory, which costs time. */
const WORK = 2 ** 28

const fitting = (most: number, perPoint: number): number => Math.floor(most / perPoint)

const said = (bytes: number): string => `${(bytes / 2 ** 20).toPrecision(3)} MiB`

/**
 * The plan for the kernel between the points of a, which are held, and m points.
 * @throws TensorError `Memory` if not even the tangents of one point fit beside the kernel.
 */
export const planOf = (
  model: Model,
  weights: Tensors,
  a: Tensor,
  m: number,
  memory: number,
  dtype: Dtype,
): KernelPlan => {
  const bytes = dtype === "float64" ? 8 : 4
  const n = a.shape[0]!
  const one = { ...grouped("w", weights), x: sliceRows(a, 0, 1) }
  const { shapes, numbers } = madeBy(
    "tangents",
    (arrays) => tangentsOf(model, groupOf("w", arrays), arrays["x"]!),
    dtype,
    one,
  )
  const sizes = Object.values(shapes).map((shape) => shape.reduce((x, y) => x * y, 1))
  const tangents = bytes * sizes.reduce((x, y) => x + y, 0)
  // The kernel and, in float32, a copy of the kernel.
  const whole = (dtype === "float64" ? 8 : 12) * n * m
  const free = memory - whole
  // For each pair of points: the products of all layers and their sums.
  const perPair = bytes * (sizes.length + 4)
  const lot = Math.max(1, Math.min(LONGEST, Math.max(n, m), fitting(Math.min(WORK, free / 4), bytes * numbers)))
  const rest = free - lot * bytes * numbers
  // A quarter of the memory is for the points that are not held.
  const block = Math.max(1, Math.min(LONGEST, Math.max(n, m), fitting(rest / 4, tangents)))
  const held = Math.min(n, fitting(rest - block * tangents, tangents + perPair * block))
  if (held >= 1) return { held, lot, block }
  const message =
    `in kernel: ${n} x ${m} points take ${said(whole)} and the tangents of a point take ` +
    `${said(bytes * numbers)}, which is more than the limit of ${said(memory)}: use fewer points, or allow more memory`
  throw new TensorError({ reason: "Memory", message })
}
