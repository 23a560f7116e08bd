// 1. loss, gradient and differential at the start; 2. the step; 3. loss and differential after the step.
import * as tf from "@tensorflow/tfjs-core"
import type { Effect } from "effect"
import { StageError, type Given, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { symmetricEigen } from "../algebra/eigen.ts"
import { attempt } from "../stage-error.ts"
import { forward } from "../net/forward.ts"
import { groupOf, grouped, mapped } from "../net/group.ts"
import { kernelOf } from "../net/kernel.ts"
import { modelOf } from "../net/model-of.ts"
import { type Model, part, type Weights } from "../net/model.ts"
import { norm } from "../net/norm.ts"
import { tangentsOf } from "../net/tangents.ts"
import { assertWeights, pointsOf } from "../net/validate.ts"
import { jit } from "../tensor/jit.ts"
import type { FirstStepParams } from "./first-step.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }

export const run = ({ params, inputs }: Given<FirstStepParams, Inputs>): Effect.Effect<{ step: Table }, StageError> =>
  attempt(async () => {
    const { alpha, decrease } = params
    const model = modelOf(params.model)
    assertWeights(model, inputs.weights)
    const { x, y: signs, outputs } = pointsOf(model, inputs.weights, inputs.data, "square")
    const y = params.labels === "signs" ? signs : zeroOne(signs)
    if (outputs !== 1)
      throw new StageError({ reason: "InvalidInput", message: `the net has ${outputs} outputs, but it must have one` })
    const measured = jit("loss", lossAt(model), params)
    const a = { shape: [], data: Float64Array.of(alpha) }
    const lossOf = (weights: Tensors) => measured({ ...grouped("w", weights), x, y, alpha: a })

    const start = await lossOf(inputs.weights) // 1
    const gradient = groupOf("g", start)
    const [F0, residual] = [start["F"]!.data[0]!, norm(start["r"]!.data)]
    const slope = norm(...Object.values(gradient).map(({ data }) => data))
    if (F0 === 0 || slope === 0)
      throw new StageError({
        reason: "InvalidInput",
        message: `the loss is ${F0} and its gradient ${slope} at the start, so no step changes it`,
      })
    const kernel = await kernelOf(model, params)(inputs.weights, x, x)
    const n = y.shape[0]!
    const frobenius = Math.sqrt(Array.from({ length: n }, (_, i) => kernel.data[i * n + i]!).reduce((s, k) => s + k, 0))
    const operator = Math.sqrt(symmetricEigen(Float64Array.from(kernel.data), n).values[0]!)

    const rate = (decrease * F0) / slope ** 2 // 2
    const moved = { ...inputs.weights, ...mapped(gradient, (g, name) => stepped(inputs.weights[name]!, g, rate)) }

    const F1 = (await lossOf(moved))["F"]!.data[0]! // 3
    const differences = jit("differences", changeOfDifferential(model), params)
    const { square } = await differences({ ...grouped("before", inputs.weights), ...grouped("after", moved), x })
    const change = Math.sqrt(square!.data[0]!)
    const [lossChange, differentialChange] = [Math.abs(F1 - F0) / F0, change / frobenius]
    const kappa = (residual * (change / (rate * slope))) / (alpha * frobenius ** 2)
    return {
      step: {
        rate: [rate],
        lossChange: [lossChange],
        linear: [(rate * slope ** 2) / F0 / lossChange],
        printed: [(rate * slope) / F0 / lossChange],
        differentialChange: [differentialChange],
        ratio: [differentialChange / lossChange],
        tightness: [slope / (alpha * frobenius * residual)],
        tightnessOperator: [slope / (alpha * operator * residual)],
        kappa: [kappa],
        overKappa: [differentialChange / lossChange / kappa],
      },
    }
  })

/** F, the residual r and the gradient of F by the trained weights. */
const lossAt =
  (model: Model) =>
  (arrays: Weights): Weights => {
    const weights = groupOf("w", arrays)
    const trained = part(model, "trained", weights)
    const names = Object.keys(trained)
    let r: tf.Tensor | undefined
    const { value, grads } = tf.valueAndGrads((...each: Array<tf.Tensor>) => {
      const given = { ...weights, ...Object.fromEntries(names.map((name, i) => [name, each[i]!])) }
      r = tf.keep(tf.sub(tf.mul(arrays["alpha"]!, forward(model, given, arrays["x"]!)), arrays["y"]!))
      return tf.div(tf.sum(tf.square(r)), 2)
    })(Object.values(trained))
    return { F: value, r: r!, ...grouped("g", Object.fromEntries(names.map((name, i) => [name, grads[i]!]))) }
  }

/** The squared Frobenius norm of the change of the differential: all its numbers, since norms alone would cancel. */
const changeOfDifferential =
  (model: Model) =>
  (arrays: Weights): Weights => {
    const [before, after] = ["before", "after"].map((group) =>
      slopesOf(tangentsOf(model, groupOf(group, arrays), arrays["x"]!)),
    ) as [ReadonlyArray<tf.Tensor>, ReadonlyArray<tf.Tensor>]
    const squares = before.map((slopes, i) => tf.sum(tf.square(tf.sub(after[i]!, slopes))))
    return { square: tf.addN(squares) }
  }

/** The gradients of each point by the weights of each layer; a dense layer has them as products (`tangentsOf`). */
const slopesOf = (tangents: Weights): ReadonlyArray<tf.Tensor> =>
  Object.entries(tangents).flatMap(([name, array]) => {
    if (name.endsWith(".z")) return []
    if (!name.endsWith(".delta")) return [array]
    const z = tangents[name.replace(/\.delta$/, ".z")]!
    return [tf.mul(tf.expandDims(z, 2), tf.expandDims(array, 1))]
  })

const zeroOne = ({ shape, data }: Tensor): Tensor => ({ shape, data: Float64Array.from(data, (y) => (y + 1) / 2) })

const stepped = ({ shape, data }: Tensor, gradient: Tensor, rate: number): Tensor => ({
  shape,
  data: Float64Array.from(data, (value, i) => value - rate * gradient.data[i]!),
})
