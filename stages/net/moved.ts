// The change of the weights of a net between two moments. Knows nothing about outputs.
import type { Tensors } from "../../pipeline/stage.ts"

/** How far each array has moved from its start. */
export const moved = (start: Tensors, end: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data, (value, i) => end[name]!.data[i]! - value) },
    ]),
  )
