// Integrates the coefficients c of F = K c on the training points. It does not integrate F: with c, the test outputs
// are a product, and not the solution of an ill-conditioned system.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Table, type Tensor, type Tensors } from "../../../pipeline/stage.ts"
import { testError } from "../../statistics/error.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { assertWeights, pointsOf } from "../../net/validate.ts"
import { kernelOf } from "../../net/kernel.ts"
import { follow, oneByOne, progressOf, rowOf, endAsText, type FlowEnd, type FlowParams, type Moment } from "../flow.ts"
import type { LinearizeParams } from "./linearize.ts"

type Inputs = { readonly train: Tensors; readonly test: Tensors; readonly weights: Tensors }
type Outputs = { readonly outputs: Tensors; readonly end: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<LinearizeParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const { train, test, weights } = inputs
  const { dtype, backend } = params
  const model = modelOf(params.model)
  const kernel = kernelOf(model, { dtype, backend })
  const tell = progressOf(yield* Progress)
  const { F, end } = yield* attempt(async () => {
    assertWeights(model, weights)
    if (pointsOf(model, weights, train, "hinge").outputs !== 1)
      throw new StageError({
        reason: "InvalidInput",
        message: "the dynamics of a frozen kernel need a net with one output, but this net has several",
      })
    const own = await kernel(weights, train["x"]!, train["x"]!)
    const across = await kernel(weights, test["x"]!, train["x"]!)
    const { c, end } = await frozenFlow(own, train["y"]!, params, tell)
    return { F: times(across, c), end }
  })
  yield* Effect.log(endAsText(end))
  return {
    outputs: { F: { shape: [F.length], data: F } },
    end: { ...rowOf(end), testError: [testError(F, test["y"]!)] },
  }
})

/** Number of steps between two reports. */
const CHUNK = 100

/**
 * The coefficients c (n) at the end of the flow F' = -K dL/dF for the hinge loss, from F = 0. A point is active while 1
 * - y F >= 0 (the rule of the net itself has >). The flow ends when no point is active.
 */
export const frozenFlow = async (
  K: Tensor,
  y: Tensor,
  params: FlowParams,
  onMoment: (moment: Moment) => void,
): Promise<{ readonly c: Float64Array; readonly end: FlowEnd }> => {
  const n = y.data.length
  const labels = y.data
  let [c, v, F]: [Float64Array, Float64Array, Float64Array] = [
    new Float64Array(n),
    new Float64Array(n),
    new Float64Array(n),
  ]
  const chunk = oneByOne(params, (decay, dt) => {
    const v2 = v.map((value, i) => decay * value + (1 - decay) * (1 - F[i]! * labels[i]! >= 0 ? labels[i]! / n : 0))
    const c2 = c.map((value, i) => value + dt * v2[i]!)
    const F2 = times(K, c2)
    let [change, loss, active] = [0, 0, false]
    for (let i = 0; i < n; i++) {
      const margin = 1 - F2[i]! * labels[i]!
      change = Math.max(change, Math.abs(F2[i]! - F[i]!))
      loss += Math.max(0, margin) / n
      active ||= margin >= 0
    }
    // A point exactly at its margin is still active although its loss is zero; the flow must not end there.
    return {
      change,
      loss: active ? Math.max(loss, Number.MIN_VALUE) : 0,
      take: () => {
        ;[c, v, F] = [c2, v2, F2]
      },
    }
  })
  const end = await follow(params, 1, chunk, CHUNK, onMoment)
  return { c, end }
}

/** (rows, n) times (n). */
export const times = (matrix: Tensor, vector: Float64Array): Float64Array => {
  const n = vector.length
  const { data } = matrix
  const out = new Float64Array(matrix.shape[0]!)
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += data[i * n + j]! * vector[j]!
    out[i] = sum
  }
  return out
}
