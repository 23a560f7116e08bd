// Stochastic gradient descent at a temperature: the batch size for a step size, and the points of the batch. Needs two
// points or more. Knows nothing about weights or gradients.
// Source: Geiger et al. 2019, appendix A; where the program of the paper differs, its program.
import { Schema } from "effect"
import { permutation, type Stream } from "../../random.ts"

/**
 * `paper-text` draws from all points, so that the mean gradient of a batch is that of the whole loss. `paper-code`
 * draws only from points below their margin; its gradients are larger, by n over the number of such points.
 */
export const BatchRule = Schema.Literals(["paper-text", "paper-code"])
export type BatchRule = typeof BatchRule.Type

/** The temperature of steps dt on batches of b out of n points; 0 for b = n. */
export const temperature = (dt: number, b: number, n: number): number => (dt / b) * (1 - (b - 1) / (n - 1))

/** The batch size, not rounded, at which steps dt have the temperature T: the inverse of `temperature`. */
export const batchSize = (T: number, dt: number, n: number): number => n / ((T / dt) * (n - 1) + 1)

/** The step whose batch size is `most`; no step may be larger. */
export const largestStep = (T: number, most: number, n: number): number => (T * most) / (1 - (most - 1) / (n - 1))

/** A batch of b out of n points. */
export interface Draw {
  readonly b: number
  readonly n: number
  readonly random: Stream
}

/** Every set of b points is equally likely. */
export const fromAll = ({ b, n, random }: Draw): Int32Array => permutation(n, random).subarray(0, b)

/**
 * The first b points with y F < 1 in a random order. Their `margins` y F are computed `chunk` points at a time. The
 * result has fewer points if there are no more, and no points once training has converged; the program still divides by
 * b. If b is n, the result is all points, whatever their margins.
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
