// Prepares a stage that trains: from its params and inputs to the inputs of a compiled step. It finds the net, the
// arrays that are trained, and the arrays that stay fixed. Knows nothing about the rule of the steps.
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { modelOf } from "../net/model-of.ts"
import { assertWeights, pointsOf } from "../net/validate.ts"
import { grouped, mapped } from "../net/group.ts"
import type { LossName } from "../net/loss-name.ts"
import type { Method } from "../net/method.ts"
import type { Architecture } from "../net/architecture.ts"
import { part } from "../net/model.ts"
import type { Dtype } from "../tensor/jit.ts"
import type { Task } from "./momentum.ts"
import { packed, shapesOf, zerosLike } from "./pack.ts"

interface Params {
  readonly model: Architecture
  readonly method: Method
  readonly alpha: number
  readonly loss: LossName
  readonly dtype: Dtype
}

export interface Prepared {
  readonly task: Task
  /** The arrays that are trained, as the stage received them. */
  readonly trained: Tensors
  readonly x: Tensor
  readonly y: Tensor
  /** The other inputs of a step: alpha, the packs of the trained arrays as `w0.${pack}`, and `frozen.${name}`. */
  readonly fixed: Tensors
  /** A movement of zero, in packs. */
  readonly still: Tensors
}

/** Throws a StageError if net, weights and data do not fit together. */
export const prepared = (
  { model: architecture, method, alpha, loss, dtype }: Params,
  data: Tensors,
  weights: Tensors,
): Prepared => {
  const model = modelOf(architecture)
  assertWeights(model, weights)
  const { x, y } = pointsOf(model, weights, data, loss)
  const trained = part(model, "trained", weights)
  const own = (tensor: Tensor): Tensor => rounded(tensor, dtype)
  const w0 = mapped(packed(trained), own)
  const frozen = Object.fromEntries(
    Object.entries(part(model, "frozen", weights)).map(([name, array]) => [name, own(array)]),
  )
  return {
    task: { model, shapes: shapesOf(trained), method, loss },
    trained,
    x: own(x),
    y: own(y),
    fixed: {
      alpha: { shape: [], data: Float64Array.of(alpha) },
      ...grouped("w0", w0),
      ...grouped("frozen", frozen),
    },
    still: zerosLike(w0),
  }
}

/** Rounds as a compiled function rounds its inputs, but once here instead of in each of many calls. */
export const rounded = ({ shape, data }: Tensor, dtype: Dtype): Tensor => ({
  shape,
  data: dtype === "float32" && data instanceof Float64Array ? Float32Array.from(data) : data,
})
