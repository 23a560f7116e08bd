// One step of an optimiser: from a gradient to the new weights and the new arrays of the optimiser. The step
// runs inside `iterate`: the code reads no value, and everything that changes from step to step is a tensor. Knows
// nothing about nets or losses.
// Sources: torch.optim.SGD and Adam; Kingma and Ba 2015; Keras' Adam, the other form in section 2 of that paper.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../../pipeline/stage.ts"
import { grouped, mapped } from "../../net/group.ts"
import type { Weights } from "../../net/model.ts"
import { constant } from "../../tensor/constant.ts"
import type { Optimizer } from "./optimizer-params.ts"

/** Arrays of the form of the weights, by name. */
type Slots = Readonly<Record<string, tf.Tensor>>

interface Given {
  readonly w: tf.Tensor
  /** The gradient at w. */
  readonly g: tf.Tensor
  readonly slots: Slots
  /** The learning rate. */
  readonly lr: tf.Scalar
  /** The number of the step, from 1. */
  readonly count: tf.Scalar
}

export interface Rule {
  /** Names of the arrays carried from step to step; they are zero before the first step. */
  readonly slots: ReadonlyArray<string>
  /** A step of one array of weights. */
  readonly step: (given: Given) => { readonly w: tf.Tensor; readonly slots: Slots }
}

/** The arrays of a rule before the first step, as `${slot}.${pack}`, for weights in the form of `packs`. */
export const slotsOf = ({ slots }: Rule, packs: Tensors): Tensors =>
  Object.assign({}, ...slots.map((slot) => grouped(slot, packs))) as Tensors

/** A step of all packs `w`. `arrays` has the arrays of the rule; they come back beside the new packs. */
export const stepped = (
  { slots, step }: Rule,
  w: Weights,
  g: Weights,
  arrays: Weights,
  { lr, count }: Pick<Given, "lr" | "count">,
): { readonly w: Weights; readonly arrays: Weights } => {
  const made = mapped(w, (each, pack) => {
    const own = Object.fromEntries(slots.map((slot) => [slot, arrays[`${slot}.${pack}`]!]))
    return step({ w: each, g: g[pack]!, slots: own, lr, count })
  })
  const moved = slots.map((slot) =>
    grouped(
      slot,
      mapped(made, (each) => each.slots[slot]!),
    ),
  )
  return { w: mapped(made, (each) => each.w), arrays: Object.assign({}, ...moved) as Weights }
}

export const optimizerOf = (params: Optimizer): Rule => {
  switch (params.kind) {
    case "sgd":
      return params.momentum === 0 ? plain : momentum(params.momentum)
    case "adam-pytorch":
      // epsilon is added to the root of the corrected mean of squares.
      return adam(params, (root2) => tf.mul(constant(params.epsilon), root2))
    case "adam-keras":
      return adam(params, () => constant(params.epsilon))
  }
}

/** w <- w - lr g. */
const plain: Rule = {
  slots: [],
  step: ({ w, g, lr }) => ({ w: tf.sub(w, tf.mul(lr, g)), slots: {} }),
}

/** v <- kept v + g, w <- w - lr v: a new learning rate acts on all of v at once. */
const momentum = (kept: number): Rule => ({
  slots: ["velocity"],
  step: ({ w, g, slots, lr }) => {
    const velocity = tf.add(tf.mul(constant(kept), slots["velocity"]!), g)
    return { w: tf.sub(w, tf.mul(lr, velocity)), slots: { velocity } }
  },
})

/**
 * Running means of the gradients and of their squares, with decay rates beta1 and beta2. Both start at zero, so at each
 * step they are divided by the value that a running mean of ones has reached, bias1 and bias2. All scalar factors are
 * multiplied first, so that an array is scaled once: w <- w - lr sqrt(bias2) / bias1 * mean / (sqrt(square) + epsilon),
 * where `epsilonOf` gives epsilon from sqrt(bias2).
 */
const adam = (
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
  epsilonOf: (root2: tf.Tensor) => tf.Tensor,
): Rule => ({
  slots: ["mean", "square"],
  step: ({ w, g, slots, lr, count }) => {
    const mean = mixed(beta1, slots["mean"]!, g)
    const square = mixed(beta2, slots["square"]!, tf.square(g))
    const root2 = tf.sqrt(bias(beta2, count))
    const size = tf.div(tf.mul(lr, root2), bias(beta1, count))
    const moved = tf.mul(size, tf.div(mean, tf.add(tf.sqrt(square), epsilonOf(root2))))
    return { w: tf.sub(w, moved), slots: { mean, square } }
  },
})

const mixed = (beta: number, mean: tf.Tensor, now: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(constant(beta), mean), tf.mul(constant(1 - beta), now))

/** 1 - beta^count. As a plain difference it would lose four of float32's seven digits while the count is small. */
const bias = (beta: number, count: tf.Scalar): tf.Tensor => tf.neg(tf.expm1(tf.mul(count, constant(Math.log(beta)))))
