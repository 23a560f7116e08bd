// The whole flow is one compiled loop: move, forward, loss, gradient, and the control that takes the step or undoes it.
// A step taken leaves its outputs and gradient to the next, so that nothing is computed twice.
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../attempt.ts"
import { activations, type Activation } from "../net/activation.ts"
import { forward, widthOf } from "../net/fc.ts"
import { hinge } from "../net/loss.ts"
import { iterate } from "../tensor/iterate.ts"
import { jit } from "../tensor/jit.ts"
import type { State, Step } from "../tensor/step.ts"
import { begin, decayOf, judge, type Bounds, type Trial } from "./control.ts"
import { divided, joined, parted, type Shapes } from "./vector.ts"
import { Curve, follow, progressOf, type FlowEnd, type Moment } from "./flow.ts"
import type { TrainParams } from "./train.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({ params, inputs }: Given<TrainParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const curve = new Curve()
  const { end, weights } = yield* attempt(() =>
    train(params, inputs, (moment) => {
      curve.see(moment)
      tell(moment)
    }),
  )
  yield* Effect.log(`${end.step} steps, ${end.undone} undone, t = ${end.t.toPrecision(6)}, ${end.converged ? "converged" : "not converged"}`)
  const { step, undone, t, loss, converged } = end
  const moments = curve.table()
  const scaledTime = moments.t.map((time) => time / params.sqrtHAlpha)
  return { weights, curve: { ...moments, scaledTime }, end: { step: [step], undone: [undone], t: [t], loss: [loss], converged: [converged] } }
})

const train = async (params: TrainParams, { data, weights }: Inputs, onMoment: (moment: Moment) => void): Promise<{ readonly end: FlowEnd; readonly weights: Tensors }> => {
  const alpha: Tensor = { shape: [], data: Float64Array.of(params.sqrtHAlpha / Math.sqrt(widthOf(weights))) }
  const sigma = activations[params.activation]
  const { dtype, backend } = params
  const shapes = Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]))
  const given = { x: data["x"]!, y: data["y"]!, alpha }
  const w = joined(weights)
  const initially = jit("start", (arrays) => outcome(arrays["w"]!, shapes, { ...arrays, f0: forward(parted(arrays["w"]!, shapes), arrays["x"]!, sigma) }, sigma), { dtype, backend })
  const { f, g } = await initially({ ...given, w })
  const flow = iterate("flow", stepOf(params, shapes, sigma), { dtype, backend })
  const fixed = { ...given, f0: f! }
  let state: State<"w" | "v" | "g" | "f", "t" | "dt"> = { arrays: { w, v: { ...w, data: new Float64Array(w.data.length) }, g: g!, f: f! }, scalars: begin }
  const stretch = async (tries: number): Promise<ReadonlyArray<Trial<number>>> => {
    const { state: after, rows } = await flow(state, fixed, tries)
    state = after
    return Array.from(rows.change, (change, i) => ({ change, loss: rows.loss[i]! }))
  }
  const end = await follow(params, stretch, stretchOf(data["y"]!.data.length, w.data.length), onMoment)
  return { end, weights: divided(state.arrays.w, shapes) }
}

/** As many steps as take about a second: 6 n P multiplications and additions each, of which a core does 2e10. */
const stretchOf = (n: number, size: number): number => Math.min(500, Math.ceil(2e10 / (6 * n * size)))

type Arrays = { readonly [name: string]: tf.Tensor }

/**
 * v <- decay v - (1 - decay) gradient, w <- w + dt v, and what comes of it, unless it is undone.
 * Carries w, v and g, which is alpha^2 times the gradient, as one vector each, and the outputs f.
 */
const stepOf = (bounds: Bounds, shapes: Shapes, sigma: Activation): Step<"w" | "v" | "g" | "f", "t" | "dt", string, "change" | "loss"> => ({ arrays, scalars: clock, fixed }, scalar) => {
  const alpha = scalar.read(fixed["alpha"]!)
  const decay = decayOf(scalar, bounds, clock)
  // 1 - decay is formed in float64: in float32 the difference would lose the digits that matter while dt << t.
  const push = scalar.float(scalar.div(scalar.sub(1, decay), scalar.mul(alpha, alpha)))
  const v = tf.sub(tf.mul(scalar.float(decay), arrays.v), tf.mul(push, arrays.g))
  const w = tf.add(arrays.w, tf.mul(scalar.float(clock.dt), v))
  const { f, g, loss } = outcome(w, shapes, fixed, sigma)
  const change = scalar.read(tf.mul(fixed["alpha"]!, tf.max(tf.abs(tf.sub(f, arrays.f)))))
  const trial = { change, loss: scalar.read(loss) }
  const verdict = judge(scalar, bounds, clock, trial)
  const undone = scalar.bool(verdict.undone)
  const next = { w: tf.where(undone, arrays.w, w), v: tf.where(undone, arrays.v, v), g: tf.where(undone, arrays.g, g), f: tf.where(undone, arrays.f, f) }
  return { arrays: next, scalars: verdict.clock, more: verdict.more, row: trial }
}

/** Outputs f (n) at the weights w, alpha^2 times the loss, and its gradient g by w. */
const outcome = (w: tf.Tensor, shapes: Shapes, { x, y, alpha, f0 }: Arrays, sigma: Activation): Record<"f" | "loss" | "g", tf.Tensor> => {
  const weights = parted(w, shapes)
  const names = Object.keys(weights)
  let f: tf.Tensor | undefined
  const { value, grads } = tf.valueAndGrads((...arrays: Array<tf.Tensor>) => {
    f = tf.keep(forward(Object.fromEntries(names.map((name, i) => [name, arrays[i]!])), x!, sigma))
    return hinge(tf.mul(alpha!, tf.sub(f, f0!)), y!)
  })(names.map((name) => weights[name]!))
  return { f: f!, loss: value, g: tf.concat(grads.map((grad) => tf.reshape(grad, [-1]))) }
}
