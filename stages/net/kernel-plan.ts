// How many points of a tangent kernel are taken at a time, so that it stays within a bound of memory. Knows nothing
// about how the kernel is computed from tangents.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { TensorError } from "../tensor/error.ts"
import { type Dtype, sizesFrom } from "../tensor/jit.ts"
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

const said = (bytes: number): string => `${(bytes / 2 ** 20).toPrecision(3)} MiB`

/**
 * The plan for the kernel between n points of which `one` is one, which are held, and m points.
 * @throws TensorError `Memory` if not even the tangents of one point fit beside the kernel.
 */
export const planOf = (
  model: Model,
  weights: Tensors,
  one: Tensor,
  [n, m]: readonly [number, number],
  memory: number,
  dtype: Dtype,
): KernelPlan => {
  const bytes = dtype === "float64" ? 8 : 4
  const made = (arrays: Readonly<Record<string, tf.Tensor>>) => tangentsOf(model, groupOf("w", arrays), arrays["x"]!)
  const given: Tensors & { readonly x: Tensor } = { ...grouped("w", weights), x: one }
  const { outputs, numbers } = sizesFrom("tangents", made, dtype, given, "x")
  const tangents = bytes * outputs.reduce((sum, shape) => sum + shape.reduce((x, y) => x * y, 1), 0)
  const work = bytes * numbers
  // The kernel and, in float32, a copy of the kernel.
  const whole = (dtype === "float64" ? 8 : 12) * n * m
  const free = memory - whole
  // For each pair of points: the products of all layers and their sums.
  const perPair = bytes * (outputs.length + 4)
  const most = Math.max(n, m)
  const lot = Math.max(1, Math.min(LONGEST, most, Math.floor(Math.min(WORK, free / 4) / work)))
  const rest = free - lot * work
  // A quarter of the memory is for the points that are not held.
  const block = Math.max(1, Math.min(LONGEST, most, Math.floor(rest / 4 / tangents)))
  const held = Math.min(n, Math.floor((rest - block * tangents) / (tangents + perPair * block)))
  if (held >= 1) return { held, lot, block }
  const message =
    `in kernel: ${n} x ${m} points take ${said(whole)}, and two points at a time take ` +
    `${said(work + 2 * tangents + perPair)}; together more than the limit of ${said(memory)}: use fewer points, or ` +
    "allow more memory"
  throw new TensorError({ reason: "Memory", message })
}
