// One step of an optimiser on a net, for `iterate`: the batch, its loss and gradient, the learning rate of the epoch,
// and whether another step follows. Knows nothing about how the batches are drawn.
import * as tf from "@tensorflow/tfjs-core"
import type { Step } from "../../tensor/step.ts"
import { counted, type Position } from "./epoch.ts"
import { groupOf, grouped } from "../../net/group.ts"
import { outcome, type Task } from "../momentum.ts"

import type { Optimizer } from "./optimizer-params.ts"
import { optimizerOf, stepped } from "./optimizer.ts"
import { rateAt, type Schedule } from "./schedule.ts"

interface Rules {
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  readonly stop: { readonly loss: number }
}

/**
 * Carries the movement dw of the weights and the optimiser's arrays, in packs; the number of steps, `count`; the number
 * of steps in this call, `at`; and the position in the epochs, of `batches` batches each. The fixed arrays are those of
 * `outcome` and `points` (steps, batch), the batches of this call; without `points` each batch is all points. Each step
 * reports the loss before that step.
 */
export const descentStep = (
  task: Task,
  { optimizer, schedule, stop }: Rules,
  batches: number,
): Step<string, "count" | "at" | keyof Position<number>, string, "loss"> => {
  const rule = optimizerOf(optimizer)
  return ({ arrays, scalars: { count, at, ...position }, fixed }, scalar) => {
    const alpha = scalar.read(fixed["alpha"]!)
    const { points } = fixed
    const taken = points === undefined ? undefined : tf.gather(points, tf.cast(scalar.float(at), "int32"))
    const batch =
      taken === undefined
        ? fixed
        : { ...fixed, x: tf.gather(fixed["x"]!, taken as tf.Tensor1D), y: tf.gather(fixed["y"]!, taken as tf.Tensor1D) }
    const dw = groupOf("dw", arrays)
    const factor = scalar.float(scalar.div(1, scalar.mul(alpha, alpha)))
    const made = outcome(task, dw, batch, { factor })
    const loss = scalar.read(made.loss)
    const done = scalar.add(count, 1)
    const moved = stepped(rule, dw, made.g, arrays, {
      lr: scalar.float(rateAt(scalar, schedule, position.epoch)),
      count: scalar.float(done),
    })
    const { mean, over, next } = counted(scalar, batches, position, loss)
    // Written in this form so that the loop ends if the mean is not a number.
    const fitted = scalar.not(scalar.less(stop.loss, mean))
    return {
      arrays: { ...grouped("dw", moved.w), ...moved.arrays },
      scalars: { count: done, at: scalar.add(at, 1), ...next },
      more: scalar.not(scalar.and(over, fitted)),
      row: { loss },
    }
  }
}
