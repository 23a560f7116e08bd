// One compiled call does a whole step: move, forward, loss and gradient at the new place. An accepted step's
// outputs and gradient are the next step's, so that nothing is computed twice.
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../attempt.ts"
import { activations, type Activation } from "../net/activation.ts"
import { forward, grouped, groupOf, widthOf, type Weights } from "../net/fc.ts"
import { hinge } from "../net/loss.ts"
import { jit } from "../tensor/jit.ts"
import { Curve, follow, progressOf, type FlowEnd, type Try } from "./flow.ts"
import type { TrainParams } from "./train.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({ params, inputs }: Given<TrainParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const curve = new Curve()
  const follower = (attempt: Try): Promise<FlowEnd> =>
    follow(params, attempt, (moment) => {
      curve.see(moment)
      tell(moment)
    })
  const { end, weights } = yield* attempt(() => train(params, inputs, follower))
  yield* Effect.log(`${end.step} steps, ${end.undone} undone, t = ${end.t.toPrecision(6)}, ${end.converged ? "converged" : "not converged"}`)
  const { step, undone, t, loss, converged } = end
  const moments = curve.table()
  const scaledTime = moments.t.map((time) => time / params.sqrtHAlpha)
  return { weights, curve: { ...moments, scaledTime }, end: { step: [step], undone: [undone], t: [t], loss: [loss], converged: [converged] } }
})

const train = async (params: TrainParams, { data, weights }: Inputs, follower: (attempt: Try) => Promise<FlowEnd>) => {
  const alpha = scalar(params.sqrtHAlpha / Math.sqrt(widthOf(weights)))
  const sigma = activations[params.activation]
  const { dtype, backend } = params
  const fixed = { x: data["x"]!, y: data["y"]!, alpha }
  const start = await jit("start", (arrays) => outcome(groupOf("w", arrays), { ...arrays, f0: forward(groupOf("w", arrays), arrays["x"]!, sigma) }, sigma), { dtype, backend })({
    ...fixed,
    ...grouped("w", weights),
  })
  const moved = jit("step", (arrays) => step(arrays, sigma), { dtype, backend })
  const still = Object.fromEntries(Object.entries(weights).map(([name, { shape, data: values }]) => [name, { shape, data: new Float64Array(values.length) }]))
  let state = stateOf({ ...start, ...grouped("w", weights), ...grouped("v", still) })
  const f0 = start["f"]!
  const end = await follower(async (decay, dt) => {
    // 1 - decay is formed here: in float32 the difference would lose the digits that matter while dt << t.
    const next = await moved({ ...state, ...fixed, f0, decay: scalar(decay), rest: scalar(1 - decay), dt: scalar(dt) })
    return { change: next["change"]!.data[0]!, loss: next["loss"]!.data[0]!, take: () => { state = stateOf(next) } }
  })
  return { end, weights: groupOf("w", state) }
}

const scalar = (value: number): Tensor => ({ shape: [], data: Float64Array.of(value) })

/** Weights, velocities and gradients with the outputs at the weights: in one order, for which one graph is compiled. */
const stateOf = (arrays: Tensors): Tensors => ({ f: arrays["f"]!, ...Object.fromEntries(["w", "v", "g"].flatMap((group) => Object.entries(grouped(group, groupOf(group, arrays))))) })

type Arrays = { readonly [name: string]: tf.Tensor }

/** v <- decay v - rest g with rest = 1 - decay, w <- w + dt v, and what comes of it. */
const step = (arrays: Arrays, sigma: Activation): Arrays => {
  const { decay, rest, dt, f } = arrays as Arrays & Record<"decay" | "rest" | "dt" | "f", tf.Tensor>
  const gradient = groupOf("g", arrays)
  const velocity = map(groupOf("v", arrays), (v, name) => tf.sub(tf.mul(decay, v), tf.mul(rest, gradient[name]!)))
  const weights = map(groupOf("w", arrays), (w, name) => tf.add(w, tf.mul(dt, velocity[name]!)))
  const after = outcome(weights, arrays, sigma)
  const change = tf.mul(arrays["alpha"]!, tf.max(tf.abs(tf.sub(after["f"]!, f))))
  return { ...after, change, ...grouped("w", weights), ...grouped("v", velocity) }
}

/** Outputs f (n), alpha^2 times the loss, and the gradient of the loss itself by every weight. */
const outcome = (weights: Weights, { x, y, alpha, f0 }: Arrays, sigma: Activation): Arrays => {
  const names = Object.keys(weights)
  let f: tf.Tensor | undefined
  const { value, grads } = tf.valueAndGrads((...arrays: Array<tf.Tensor>) => {
    f = tf.keep(forward(Object.fromEntries(names.map((name, i) => [name, arrays[i]!])), x!, sigma))
    return hinge(tf.mul(alpha!, tf.sub(f, f0!)), y!)
  })(names.map((name) => weights[name]!))
  const scale = tf.square(alpha!)
  return { f: f!, loss: value, ...grouped("g", Object.fromEntries(names.map((name, i) => [name, tf.div(grads[i]!, scale)]))) }
}

const map = (weights: Weights, change: (array: tf.Tensor, name: string) => tf.Tensor): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, change(array, name)]))
