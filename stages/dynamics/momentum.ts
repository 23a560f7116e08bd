// One step of the momentum flow of a net, for `iterate`: movement, outputs, loss, gradient, and the control that
// accepts or undoes the step. An accepted step passes its outputs and gradient to the next step, so that nothing is
// computed twice. Knows nothing about chunks or curves.
import * as tf from "@tensorflow/tfjs-core"
import { changeOf } from "../net/difference.ts"
import { groupOf, grouped, mapped } from "../net/group.ts"
import type { LossName } from "../net/loss-name.ts"
import { type Loss, losses } from "../net/loss.ts"
import type { Method } from "../net/method.ts"
import type { Model, Weights } from "../net/model.ts"
import type { Step } from "../tensor/step.ts"
import { type Bounds, decayOf, judge } from "./control.ts"
import { pack, unpack, type Shapes } from "./pack.ts"

/** The training task: how the outputs of a net change with its weights, and which loss is minimised. */
export interface Task {
  readonly model: Model
  /** The arrays that are trained. */
  readonly shapes: Shapes
  readonly method: Method
  readonly loss: LossName
}

/**
 * The arrays that are the same for every step: points `x`, labels `y`, `alpha`, the packs of the trained initial
 * weights as `w0.${pack}`, and the frozen weights as `frozen.${name}`.
 */
export type Fixed = { readonly [name: string]: tf.Tensor }

/** All weights at the start. */
export const initial = ({ shapes }: Task, fixed: Fixed): Weights => ({
  ...unpack(groupOf("w0", fixed), shapes),
  ...groupOf("frozen", fixed),
})

/** For the movement dw of the weights, in packs: the outputs f minus the outputs at w0, (n) or (n, outputs). */
export const outputs = (task: Task, dw: Weights, fixed: Fixed): tf.Tensor =>
  changeOf(task.model, task.method, initial(task, fixed), unpack(dw, task.shapes), fixed["x"]!)

export interface Outcome {
  readonly f: tf.Tensor
  readonly loss: tf.Tensor
  readonly g: Weights
}

/**
 * For the movement dw, in packs: the outputs f; alpha^2 times the loss of F = alpha f, by default a mean over points;
 * and, in packs, the gradient g of that loss by dw, multiplied by `factor`. To multiply the losses by the factor costs
 * less than to multiply g.
 */
export const outcome = (
  task: Task,
  dw: Weights,
  fixed: Fixed,
  { loss = losses[task.loss], factor }: { readonly loss?: Loss; readonly factor?: tf.Scalar } = {},
): Outcome => {
  const { model, shapes, method } = task
  const w0 = initial(task, fixed)
  const arrays = unpack(dw, shapes)
  const names = Object.keys(arrays)
  let f: tf.Tensor | undefined
  const { value, grads } = tf.valueAndGrads((...moved: Array<tf.Tensor>) => {
    f = tf.keep(changeOf(model, method, w0, Object.fromEntries(names.map((name, i) => [name, moved[i]!])), fixed["x"]!))
    return loss(tf.mul(fixed["alpha"]!, f), fixed["y"]!)
  })(
    names.map((name) => arrays[name]!),
    factor,
  )
  return { f: f!, loss: value, g: pack(Object.fromEntries(names.map((name, i) => [name, grads[i]!])), shapes) }
}

/**
 * v <- decay v - (1 - decay) gradient, dw <- dw + dt v, then the outputs, loss and gradient, unless the step is undone.
 * Carries the movement dw, the velocity v and g (alpha^2 times the gradient) in packs, and the outputs f.
 */
export const momentumStep =
  (task: Task, bounds: Bounds): Step<string, "t" | "dt", string, "change" | "loss"> =>
  ({ arrays, scalars: clock, fixed }, scalar) => {
    const alpha = scalar.read(fixed["alpha"]!)
    const decay = decayOf(scalar, bounds, clock)
    // 1 - decay is computed in float64: in float32 the difference would lose the important digits while dt << t.
    const push = scalar.float(scalar.div(scalar.sub(1, decay), scalar.mul(alpha, alpha)))
    const g = groupOf("g", arrays)
    const v = mapped(groupOf("v", arrays), (before, name) =>
      tf.sub(tf.mul(scalar.float(decay), before), tf.mul(push, g[name]!)),
    )
    const dw = mapped(groupOf("dw", arrays), (before, name) => tf.add(before, tf.mul(scalar.float(clock.dt), v[name]!)))
    const made = outcome(task, dw, fixed)
    const change = scalar.read(tf.mul(fixed["alpha"]!, tf.max(tf.abs(tf.sub(made.f, arrays["f"]!)))))
    const trial = { change, loss: scalar.read(made.loss) }
    const verdict = judge(scalar, bounds, clock, trial)
    const undone = scalar.bool(verdict.undone)
    const moved = { ...grouped("dw", dw), ...grouped("v", v), ...grouped("g", made.g), f: made.f }
    return {
      arrays: mapped(moved, (after, name) => tf.where(undone, arrays[name]!, after)),
      scalars: verdict.clock,
      more: verdict.more,
      row: trial,
    }
  }
