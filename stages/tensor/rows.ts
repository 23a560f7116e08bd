// Some points of many: an array's rows from one on.
import type { Tensor } from "../../pipeline/stage.ts"

/** At most `count` rows, from row `from` on; shares the numbers. */
export const sliceRows = ({ shape: [n = 0, ...rest], data }: Tensor, from: number, count: number): Tensor => {
  const size = rest.reduce((x, y) => x * y, 1)
  const to = Math.min(n, from + count)
  return { shape: [to - from, ...rest], data: data.subarray(from * size, to * size) }
}
