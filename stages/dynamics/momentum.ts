// One step of the momentum flow of a net, for `iterate`: move, outputs, loss, gradient, and the control that takes the
// step or undoes it. A step taken leaves its outputs and gradient to the next, so that nothing is computed twice.
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

/** What is trained: how a net's outputs change with its weights, and what is wanted of them. */
export interface Task {
  readonly model: Model
  /** The arrays that are trained, in the order in which a vector holds them. */
  readonly shapes: Shapes
  readonly method: Method
  readonly loss: LossName
}

/**
 * The same for every step: points `x`, labels `y`, `alpha`, the initial weights that are trained as one vector `w0`,
 * and those that are frozen as `frozen.${name}`.
 */
export type Fixed = { readonly [name: string]: tf.Tensor }

/** The weights at the start, all of them. */
export const initial = ({ shapes }: Task, fixed: Fixed): Weights => ({
  ...parted(fixed["w0"]!, shapes),
  ...groupOf("frozen", fixed),
})

/** For the movement dw of the weights: the outputs f (n) or (n, outputs), less those at w0. */
export const outputs = (task: Task, dw: tf.Tensor, fixed: Fixed): tf.Tensor =>
  changeOf(task.model, task.method, initial(task, fixed), parted(dw, task.shapes), fixed["x"]!)

/**
 * For the movement dw: the outputs f; alpha^2 times the loss of F = alpha f, a mean over points unless told otherwise;
 * and its gradient g by dw.
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
 * v <- decay v - (1 - decay) gradient, dw <- dw + dt v, and what comes of it, unless it is undone.
 * Carries the movement dw, v and g, which is alpha^2 times the gradient, as one vector each, and the outputs f.
 */
export const momentumStep =
  (task: Task, bounds: Bounds): Step<"dw" | "v" | "g" | "f", "t" | "dt", string, "change" | "loss"> =>
  ({ arrays, scalars: clock, fixed }, scalar) => {
    const alpha = scalar.read(fixed["alpha"]!)
    const decay = decayOf(scalar, bounds, clock)
    // 1 - decay is formed in float64: in float32 the difference would lose the digits that matter while dt << t.
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
