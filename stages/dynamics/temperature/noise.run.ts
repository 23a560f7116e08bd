// Computes the variance of batch gradients from the tangent kernel, for each size of batch.
import { Effect } from "effect"
import { StageError, type Given, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { assertWeights, pointsOf } from "../../net/validate.ts"
import { kernelOf } from "../../net/kernel.ts"
import { stream } from "../../random.ts"
import type { NoiseParams } from "./noise.ts"
import { batchSize, fromAll, largestStep, temperature } from "./temperature.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }

export const run = ({
  params,
  inputs: { data, weights },
  seed,
}: Given<NoiseParams, Inputs>): Effect.Effect<{ noise: Table }, StageError> =>
  attempt(async () => {
    const model = modelOf(params.model)
    assertWeights(model, weights)
    const {
      x,
      y: { data: y },
      outputs,
    } = pointsOf(model, weights, data, "hinge")
    if (outputs !== 1)
      throw new StageError({
        reason: "InvalidInput",
        message: "the gradients of a point need a net with one output, but this net has several",
      })
    const n = y.length
    const most = Math.max(...params.batches)
    if (most >= n)
      throw new StageError({
        reason: "InvalidInput",
        message: `a batch of ${most} was asked for, but with ${n} points only smaller batches have a temperature`,
      })
    const K = (await kernelOf(model, params)(weights, x, x)).data
    const product = (i: number, j: number): number => y[i]! * y[j]! * K[i * n + j]!
    const all = Array.from({ length: n }, (_, i) => i)
    const random = stream(seed, "batches")
    /** The product of the mean gradients of two sets of points. */
    const between = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
      let sum = 0
      for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sum += product(a[i]!, b[j]!)
      return sum / (a.length * b.length)
    }
    const whole = between(all, all)
    const withAll = all.map((i) => between([i], all))
    const trace = all.reduce((sum, i) => sum + product(i, i), 0) / n - whole
    const rows = params.batches.map((b) => {
      let sum = 0
      for (let draw = 0; draw < params.draws; draw++) {
        const rows = fromAll({ b, n, random })
        sum += between(rows, rows) - (2 * rows.reduce((total, i) => total + withAll[i]!, 0)) / b + whole
      }
      const dt = largestStep(params.temperature, b, n)
      const [variance, expected] = [sum / params.draws, (trace / b) * (1 - (b - 1) / (n - 1))]
      return {
        batch: b,
        step: dt,
        inverse: batchSize(params.temperature, dt, n) / b,
        variance,
        expected,
        ratio: variance / expected,
        temperature: temperature(dt, b, n),
      }
    })
    return {
      noise: Object.fromEntries(
        Object.keys(rows[0]!).map((column) => [column, rows.map((row) => row[column as keyof typeof row])]),
      ),
    }
  })
