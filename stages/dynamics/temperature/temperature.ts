// Stochastic gradient descent at a temperature: how large a batch it takes at a step size, and which points are in it.
// Knows neither weights nor gradients. Needs two points or more.
// Source: Geiger et al. 2019, appendix A, and where its program does otherwise, that.
import { Schema } from "effect"
import { permutation, type Stream } from "../../random.ts"

/**
 * `paper-text` draws from all points, so that gradients are those of the whole loss on average. `paper-code` draws from
 * those below their margin only, so that they are larger, by n over the number of those.
 */
export const BatchRule = Schema.Literals(["paper-text", "paper-code"])
export type BatchRule = typeof BatchRule.Type

/** The temperature of steps dt on batches of b out of n points; 0 for all of them. */
export const temperature = (dt: number, b: number, n: number): number => (dt / b) * (1 - (b - 1) / (n - 1))

/** The batch, not yet rounded, that steps dt have a temperature with: the inverse of the above. */
export const batchSize = (T: number, dt: number, n: number): number => n / ((T / dt) * (n - 1) + 1)

/** The step at which the batch is `most`, and which no step may pass. */
export const largestStep = (T: number, most: number, n: number): number => (T * most) / (1 - (most - 1) / (n - 1))

/** A batch of b out of n points. */
export interface Draw {
  readonly b: number
  readonly n: number
  readonly random: Stream
}

/** Each set of b points as likely as any other. */
export const fromAll = ({ b, n, random }: Draw): Int32Array => permutation(n, random).subarray(0, b)

/**
 * The first b points with y F < 1 in a random order, of which `chunk` at a time are asked for their `margins` y F.
 * Fewer where there are no more, and none once training has converged; the program divides by b all the same. All
 * points, whatever their margins, where b is n.
 */
export const fromUnsatisfied = async (
  { b, n, random }: Draw,
  chunk: number,
  margins: (rows: Int32Array) => Promise<Float64Array>,
): Promise<Int32Array> => {
  if (b >= n) return Int32Array.from({ length: n }, (_, i) => i)
  const order = permutation(n, random)
  const found: Array<number> = []
  for (let at = 0; at < n && found.length < b; at += chunk) {
    const rows = order.subarray(at, at + chunk)
    const reached = await margins(rows)
    for (const [i, row] of rows.entries()) if (reached[i]! < 1) found.push(row)
  }
  return Int32Array.from(found.slice(0, b))
}
