// The momentum flow on batches: the arrays of a batch, a step on a batch, and the losses of all points. Batches are
// padded to a power of two, so that few shapes are compiled. Knows nothing about how points are drawn, or when a step
// is accepted.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor, Tensors } from "../../../pipeline/stage.ts"
import { type Loss, pointLosses } from "../../net/loss.ts"
import { withoutDenormals } from "../../tensor/denormal.ts"
import { jit, type Options } from "../../tensor/jit.ts"
import type { Trial } from "../control.ts"
import { groupOf, grouped, mapped } from "../../net/group.ts"

import { type Fixed, outcome, outputs, type Task } from "../momentum.ts"
import type { Prepared } from "../task.ts"

/** Weights during training: their movement and their velocity, in packs. */
export interface Moving {
  readonly dw: Tensors
  readonly v: Tensors
}

/** The results of a step on a batch; `loss` is alpha^2 times the loss of the batch before the step. */
interface Tried extends Trial<number> {
  readonly moving: Moving
}

/**
 * v <- decay v - (1 - decay) gradient; dw <- dw + dt v; the loss is the sum over points, each multiplied by `share`.
 */
interface Push {
  readonly decay: number
  readonly dt: number
  readonly share: number
}

export interface Batches {
  readonly attempt: (moving: Moving, rows: Int32Array, push: Push) => Promise<Tried>
  /** alpha^2 times the loss of each of these points. */
  readonly lossesAt: (dw: Tensors, rows: Int32Array) => Promise<Float64Array>
}

/** Padding repeats the first point: it changes no maximum, and its share of the loss is zero. */
const padded = (rows: Int32Array, size: number): Int32Array => {
  const all = new Int32Array(size).fill(rows[0]!)
  all.set(rows)
  return all
}

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least))

/** The rows of an array, in this order; a row may occur several times. */
const takeRows = ({ shape, data }: Tensor, rows: Int32Array): Tensor => {
  const width = data.length / shape[0]!
  const some = new Float64Array(rows.length * width)
  for (const [i, row] of rows.entries()) some.set(data.subarray(row * width, (row + 1) * width), i * width)
  return { shape: [rows.length, ...shape.slice(1)], data: some }
}

const scalar = (x: number): Tensor => ({ shape: [], data: Float64Array.of(x) })

const step =
  (task: Task) =>
  (given: Fixed): Record<string, tf.Tensor> => {
    const shared: Loss = (F, y) => tf.sum(tf.mul(given["share"]!, pointLosses[task.loss](F, y)))
    const before = groupOf("dw", given)
    const { f, g, loss } = outcome(task, before, given, { loss: shared })
    const v = mapped(groupOf("v", given), (each, name) =>
      tf.sub(tf.mul(given["decay"]!, each), tf.mul(given["push"]!, g[name]!)),
    )
    const dw = mapped(before, (each, name) => tf.add(each, tf.mul(given["dt"]!, v[name]!)))
    return {
      ...grouped("dw", dw),
      ...grouped("v", v),
      loss,
      change: tf.mul(given["alpha"]!, tf.max(tf.abs(tf.sub(outputs(task, dw, given), f)))),
    }
  }

const pointwise =
  (task: Task) =>
  (given: Fixed): Record<"losses", tf.Tensor> => ({
    losses: pointLosses[task.loss](tf.mul(given["alpha"]!, outputs(task, groupOf("dw", given), given)), given["y"]!),
  })

/** Losses are computed `chunk` points at a time, rounded up to a power of two. */
export const batchesOf = ({ task, x, y, fixed }: Prepared, chunk: number, options: Options): Batches => {
  const [stepped, asked] = [jit("step on a batch", step(task), options), jit("losses", pointwise(task), options)]
  const at = (rows: Int32Array, size: number): Tensors => ({
    ...fixed,
    x: takeRows(x, padded(rows, size)),
    y: takeRows(y, padded(rows, size)),
  })
  const alpha = fixed["alpha"]!.data[0]!
  return {
    attempt: async ({ dw, v }, rows, { decay, dt, share }) => {
      const size = powerOfTwo(rows.length)
      const shares = { shape: [size], data: new Float64Array(size).fill(share, 0, rows.length) }
      // 1 - decay is computed in float64, as in momentumStep.
      const numbers = { decay: scalar(decay), push: scalar((1 - decay) / alpha ** 2), dt: scalar(dt) }
      const made = await stepped({
        ...at(rows, size),
        ...grouped("dw", dw),
        ...grouped("v", v),
        share: shares,
        ...numbers,
      })
      const moving = { dw: withoutDenormals(groupOf("dw", made)), v: withoutDenormals(groupOf("v", made)) }
      return { moving, change: made["change"]!.data[0]!, loss: made["loss"]!.data[0]! }
    },
    lossesAt: async (dw, rows) => {
      const size = powerOfTwo(chunk)
      const losses = new Float64Array(rows.length)
      for (let from = 0; from < rows.length; from += size) {
        const some = rows.subarray(from, from + size)
        const made = await asked({ ...at(some, size), ...grouped("dw", dw) })
        losses.set(made.losses.data.subarray(0, some.length), from)
      }
      return losses
    },
  }
}
