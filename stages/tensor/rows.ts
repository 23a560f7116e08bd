// Takes a range of rows from an array. Knows nothing about what the rows are.
import type { Tensor } from "../../pipeline/stage.ts"

/** At most `count` rows, from row `from` on. The result shares its data with the array. */
export const sliceRows = ({ shape: [n = 0, ...rest], data }: Tensor, from: number, count: number): Tensor => {
  const size = rest.reduce((x, y) => x * y, 1)
  const to = Math.min(n, from + count)
  return { shape: [to - from, ...rest], data: data.subarray(from * size, to * size) }
}
