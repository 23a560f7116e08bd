// One step of the momentum flow of a net, for `iterate`: movement, outputs, loss, gradient, and the control that
// accepts or undoes the step. An accepted step passes its outputs and gradient to the next step, so that nothing is
// computed twice. Knows nothing about chunks or curves.
import * as tf from "@tensorflow/tfjs-core"
import { changeOf } from "../net/difference.ts"
import { groupOf } from "../net/group.ts"
import type { LossName } from "../net/loss-name.ts"
import { type Loss, losses } from "../net/loss.ts"
import type { Method } from "../net/method.ts"
import type { Model, Weights } from "../net/model.ts"
import type { Step } from "../tensor/step.ts"
import { type Bounds, decayOf, judge } from "./control.ts"
import { parted, type Shapes } from "./vector.ts"

/** The training task: how the outputs of a net change with its weights, and which loss is minimised. */
export interface Task {
  readonly model: Model
  /** The arrays that are trained, in their order in a vector. */
  readonly shapes: Shapes
  readonly method: Method
  readonly loss: LossName
}

/**
 * The arrays that are the same for every step: points `x`, labels `y`, `alpha`, the trained initial weights as one
 * vector `w0`, and the frozen weights as `frozen.${name}`.
 */
export type Fixed = { readonly [name: string]: tf.Tensor }

/** All weights at the start. */
export const initial = ({ shapes }: Task, fixed: Fixed): Weights => ({
  ...parted(fixed["w0"]!, shapes),
  ...groupOf("frozen", fixed),
})

/** For the movement dw of the weights: the outputs f minus the outputs at w0, (n) or (n, outputs). */
export const outputs = (task: Task, dw: tf.Tensor, fixed: Fixed): tf.Tensor =>
  changeOf(task.model, task.method, initial(task, fixed), parted(dw, task.shapes), fixed["x"]!)

/**
 * For the movement dw: the outputs f; alpha^2 times the loss of F = alpha f, by default a mean over points; and the
 * gradient g of that loss by dw.
 */
export const outcome = (
  task: Task,
  dw: tf.Tensor,
  fixed: Fixed,
  loss: Loss = losses[task.loss],
): Record<"f" | "loss" | "g", tf.Tensor> => {
  const { model, shapes, method } = task
  const w0 = initial(task, fixed)
  const arrays = parted(dw, shapes)
  const names = Object.keys(arrays)
  let f: tf.Tensor | undefined
  const { value, grads } = tf.valueAndGrads((...moved: Array<tf.Tensor>) => {
    f = tf.keep(changeOf(model, method, w0, Object.fromEntries(names.map((name, i) => [name, moved[i]!])), fixed["x"]!))
    return loss(tf.mul(fixed["alpha"]!, f), fixed["y"]!)
  })(names.map((name) => arrays[name]!))
  return { f: f!, loss: value, g: tf.concat(grads.map((grad) => tf.reshape(grad, [-1]))) }
}

/**
 * v <- decay v - (1 - decay) gradient, dw <- dw + dt v, then the outputs, loss and gradient, unless the step is undone.
 * Carries the movement dw, the velocity v and g (alpha^2 times the gradient) as one vector each, and the outputs f.
 */
export const momentumStep =
  (task: Task, bounds: Bounds): Step<"dw" | "v" | "g" | "f", "t" | "dt", string, "change" | "loss"> =>
  ({ arrays, scalars: clock, fixed }, scalar) => {
    const alpha = scalar.read(fixed["alpha"]!)
    const decay = decayOf(scalar, bounds, clock)
    // 1 - decay is computed in float64: in float32 the difference would lose the important digits while dt << t.
    const push = scalar.float(scalar.div(scalar.sub(1, decay), scalar.mul(alpha, alpha)))
    const v = tf.sub(tf.mul(scalar.float(decay), arrays.v), tf.mul(push, arrays.g))
    const dw = tf.add(arrays.dw, tf.mul(scalar.float(clock.dt), v))
    const { f, g, loss } = outcome(task, dw, fixed)
    const change = scalar.read(tf.mul(fixed["alpha"]!, tf.max(tf.abs(tf.sub(f, arrays.f)))))
    const trial = { change, loss: scalar.read(loss) }
    const verdict = judge(scalar, bounds, clock, trial)
    const undone = scalar.bool(verdict.undone)
    const next = {
      dw: tf.where(undone, arrays.dw, dw),
      v: tf.where(undone, arrays.v, v),
      g: tf.where(undone, arrays.g, g),
      f: tf.where(undone, arrays.f, f),
    }
    return { arrays: next, scalars: verdict.clock, more: verdict.more, row: trial }
  }
