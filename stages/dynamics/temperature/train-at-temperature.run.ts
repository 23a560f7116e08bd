// Takes the steps one by one, since each step has its own batch, and the size of the batch depends on the size of the
// step.
import { Effect } from "effect"
import { Progress, StageError, type Given, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { stream, type Stream } from "../../random.ts"
import { numbers } from "../../tensor/double.ts"
import { batchesOf, type Moving } from "./batch.ts"
import { decayOf, type Clock } from "../control.ts"
import { assertNumbers, Curve, progressOf, rowOf, endAsText, type FlowEnd, type Moment } from "../flow.ts"
import { ended } from "../stop.ts"
import { prepared } from "../task.ts"
import { batchSize, fromAll, fromUnsatisfied, largestStep } from "./temperature.ts"
import type { TrainAtTemperatureParams } from "./train-at-temperature.ts"
import { movedBy } from "../pack.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

/** An evaluation of all points, with the size and the batch of the next step. */
interface Look extends Moment {
  readonly dt: number
  readonly batch: number
}

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
  seed,
}: Given<TrainAtTemperatureParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const curve = new Curve<Look>()
  const { end, weights } = yield* attempt(() =>
    train(params, inputs, stream(seed, "batches"), (look) => {
      curve.see(look)
      tell(look)
    }),
  )
  yield* Effect.log(endAsText(end))
  const looks = curve.moments()
  const scale = params.alpha * Math.sqrt(modelOf(params.model).width)
  const column = (of: (look: Look) => number): ReadonlyArray<number> => looks.map(of)
  return {
    weights,
    curve: {
      step: column(({ step }) => step),
      t: column(({ t }) => t),
      scaledTime: column(({ t }) => t / scale),
      loss: column(({ loss }) => loss),
      dt: column(({ dt }) => dt),
      batch: column(({ batch }) => batch),
    },
    end: rowOf(end),
  }
})

const train = async (
  params: TrainAtTemperatureParams,
  { data, weights }: Inputs,
  random: Stream,
  onLook: (look: Look) => void,
): Promise<{ readonly end: FlowEnd; readonly weights: Tensors }> => {
  const { temperature: T, low, high, stop, dtype, backend } = params
  const task = prepared(params, data, weights)
  const n = task.y.shape[0]!
  if (n < 2)
    throw new StageError({
      reason: "InvalidInput",
      message: `a temperature needs two points or more, but there are ${n}`,
    })
  const chunk = Math.min(params.largestBatch, n)
  const { attempt, lossesAt } = batchesOf(task, chunk, { dtype, backend })
  const longest = largestStep(T, chunk, n)
  const sizeAt = (dt: number): number => Math.min(n, Math.max(params.smallestBatch, Math.round(batchSize(T, dt, n))))

  let moving: Moving = { dw: task.still, v: task.still }
  let [clock, step, undone, seen, loss]: [Clock<number>, number, number, number, number] = [
    { t: 0, dt: T },
    0,
    0,
    0,
    Number.NaN,
  ]
  const look = async (): Promise<void> => {
    const losses = await lossesAt(
      moving.dw,
      Int32Array.from({ length: n }, (_, i) => i),
    )
    ;[loss, seen] = [losses.reduce((sum, each) => sum + each, 0) / n, 0]
    onLook({ step, t: clock.t, loss, dt: clock.dt, batch: sizeAt(clock.dt) })
  }
  const draw = (b: number): Int32Array | Promise<Int32Array> =>
    params.batches === "paper-text"
      ? fromAll({ b, n, random })
      : fromUnsatisfied({ b, n, random }, chunk, async (rows) =>
          (await lossesAt(moving.dw, rows)).map((lost) => 1 - lost),
        )
  const outcome = () => ended(stop, { loss, step: step + undone, t: clock.t })

  await look()
  let satisfied = false
  while (!satisfied && outcome() === undefined) {
    const { t, dt } = clock
    const b = sizeAt(dt)
    const rows = await draw(b)
    satisfied = rows.length === 0
    if (!satisfied) {
      const trial = await attempt(moving, rows, { decay: decayOf(numbers, params, clock), dt, share: 1 / b })
      assertNumbers(trial, clock, { step, loss })
      if (trial.change > high) {
        undone++
        clock = { t, dt: dt / 10 }
      } else {
        step++
        ;({ moving } = trial)
        // The step never grows tenfold, as it may without a temperature: it does not start from a tiny value, and a
        // small change on one batch may be luck.
        clock = { t: t + dt, dt: trial.change < low ? Math.min(1.1 * dt, longest) : dt }
      }
      seen += b
    }
    if (satisfied || seen >= n || outcome() !== undefined) await look()
  }
  const end = { step, t: clock.t, loss, undone, converged: satisfied || outcome() === "converged" }
  return { end, weights: { ...weights, ...movedBy(task.trained, moving.dw) } }
}
