// The position of a training in its epochs, and the points of its next batches. An epoch takes all points once, in its
// own random order. The counting is written once, for numbers and for the scalars of a compiled step. Knows nothing
// about nets.
import { permutation, stream } from "../../random.ts"
import type { Doubles } from "../../tensor/double.ts"

/** The epoch, counted from 0; the number of its batches that are done; and the sum of their losses. */
export interface Position<D> {
  readonly epoch: D
  readonly batch: D
  readonly sum: D
}

export const beginning: Position<number> = { epoch: 0, batch: 0, sum: 0 }

/**
 * After one more of an epoch's `batches`: the mean loss of the epoch so far, whether this was the last batch of the
 * epoch, and the next position.
 */
export const counted = <D, B>(
  m: Doubles<D, B>,
  batches: number,
  { epoch, batch, sum }: Position<D>,
  loss: D,
): { readonly mean: D; readonly over: B; readonly next: Position<D> } => {
  const [done, total] = [m.add(batch, 1), m.add(sum, loss)]
  const over = m.equal(done, batches)
  return {
    mean: m.div(total, done),
    over,
    next: {
      epoch: m.choose(over, m.add(epoch, 1), epoch),
      batch: m.choose(over, 0, done),
      sum: m.choose(over, 0, total),
    },
  }
}

/** n points in batches of `size`; the last batch of an epoch has the remaining points. */
export interface Batching {
  readonly n: number
  readonly size: number
  readonly seed: number
}

/** The points of an epoch, in the order of that epoch. */
const orderOf = ({ n, seed }: Batching, epoch: number): Int32Array => permutation(n, stream(seed, `epoch ${epoch}`))

/**
 * The next batches, at most `most`, all of the same size: the number of points of each batch, and the points, one batch
 * after the other. The batches continue past the end of an epoch only if every epoch divides into full batches.
 */
export const upcoming = (
  batching: Batching,
  most: number,
): ((from: Pick<Position<number>, "epoch" | "batch">) => { readonly size: number; readonly points: Int32Array }) => {
  const { n, size } = batching
  let known = { epoch: 0, order: orderOf(batching, 0) }
  const order = (epoch: number): Int32Array => {
    if (epoch !== known.epoch) known = { epoch, order: orderOf(batching, epoch) }
    return known.order
  }
  return ({ epoch, batch }) => {
    if ((batch + 1) * size > n) return { size: n - batch * size, points: order(epoch).subarray(batch * size) }
    const points = new Int32Array(most * size)
    let filled = 0
    for (let [e, b] = [epoch, batch]; filled < points.length; e++, b = 0) {
      const part = order(e).subarray(b * size, Math.min(n - (n % size), b * size + points.length - filled))
      points.set(part, filled)
      filled += part.length
      if (n % size !== 0) break
    }
    return { size, points: points.subarray(0, filled) }
  }
}
