// Arrays of any numbers, for work that takes the same time whatever they are.
import type { Tensor } from "../../../pipeline/stage.ts"
import { stream } from "../../../stages/random.ts"

/** Standard normal numbers. */
export const drawn = (shape: ReadonlyArray<number>): Tensor => {
  const { normal } = stream(0, shape.join())
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, normal) }
}

/** +1 or -1. */
export const signs = (n: number): Tensor => {
  const { uniform } = stream(0, "signs")
  return { shape: [n], data: Float32Array.from({ length: n }, () => (uniform() < 0.5 ? -1 : 1)) }
}

/** One of ten classes. */
export const classes = (n: number): Tensor => ({ shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 10) })
