// Trains a net with an optimiser, in a compiled loop of its steps (descent.ts). One call takes as many steps as have
// batches of the same size and last a second at most. Knows nothing about what a stage keeps of the training.
import { StageError, type Table, type Tensor, type Tensors } from "../../../pipeline/stage.ts"
import { grouped, groupOf } from "../../net/group.ts"
import { numbers } from "../../tensor/double.ts"
import { iterate } from "../../tensor/iterate.ts"
import { stepsASecond } from "../chunk.ts"
import { movedBy } from "../pack.ts"
import { prepared } from "../task.ts"
import type { DescendParams } from "./descend-params.ts"
import { descentStep } from "./descent.ts"
import { beginning, counted, upcoming, type Batching, type Position } from "./epoch.ts"
import { optimizerOf, slotsOf } from "./optimizer.ts"
import { rateAt } from "./schedule.ts"

/** A row of the curve. */
export interface Epoch {
  readonly epoch: number
  readonly step: number
  readonly rate: number
  readonly loss: number
}

export interface Trained {
  /** The final weights: float64, since they are the sum of the start and the movement, which may be tiny. */
  readonly weights: Tensors
  readonly epochs: ReadonlyArray<Epoch>
  readonly converged: boolean
}

/** The curve and the end as tables, and the end as a line of a log. */
export const tablesOf = ({
  epochs,
  converged,
}: Omit<Trained, "weights">): { readonly curve: Table; readonly end: Table; readonly said: string } => {
  const { epoch, step, loss } = epochs.at(-1)!
  const column = (name: keyof Epoch): ReadonlyArray<number> => epochs.map((row) => row[name])
  return {
    curve: { epoch: column("epoch"), step: column("step"), rate: column("rate"), loss: column("loss") },
    end: { step: [step], epoch: [epoch], loss: [loss], converged: [converged] },
    said: `${step} steps in ${epoch} epochs, loss ${loss.toPrecision(6)}, ${converged ? "converged" : "not converged"}`,
  }
}

/** Reports the fraction of the steps taken, or the fraction of the loss that is gone, whichever is larger. */
export const progressOf = ({ stop }: DescendParams, onProgress: (fraction: number) => void): ((row: Epoch) => void) => {
  let [most, start] = [0, Infinity]
  return ({ step, loss }) => {
    if (start === Infinity) start = loss
    const gone = start > stop.loss ? (start - loss) / (start - stop.loss) : 1
    most = Math.max(most, step / stop.steps, Math.min(1, gone))
    onProgress(most)
  }
}

/** Trains these weights; `onEpoch` is called at the end of each epoch. Throws a StageError. */
export const trainedBy = async (
  params: DescendParams,
  { data, weights }: { readonly data: Tensors; readonly weights: Tensors },
  seed: number,
  onEpoch: (row: Epoch) => void,
): Promise<Trained> => {
  const { optimizer, schedule, stop, dtype, backend } = params
  const { task, trained, x, y, fixed, still } = prepared(params, data, weights)
  const n = y.shape[0]!
  const batching: Batching = { n, size: Math.min(params.batch ?? n, n), seed }
  const batches = Math.ceil(n / batching.size)
  const most = stepsASecond(batching.size, still, x)
  const next = batches === 1 ? () => undefined : upcoming(batching, most)
  const descent = iterate("descent", descentStep(task, params, batches), { dtype, backend })
  let arrays: Tensors = { ...grouped("dw", still), ...slotsOf(optimizerOf(optimizer), still) }
  let [position, step, loss, converged]: [Position<number>, number, number, boolean] = [beginning, 0, Number.NaN, false]
  const epochs: Array<Epoch> = []
  const close = (row: Epoch): void => {
    epochs.push(row)
    onEpoch(row)
  }
  while (!converged && step < stop.steps) {
    const ahead = next(position)
    const trips = Math.min(stop.steps - step, ahead === undefined ? most : ahead.points.length / ahead.size)
    const given = {
      ...fixed,
      x,
      y,
      ...(ahead === undefined ? {} : { points: rows(ahead, ahead.size === batching.size ? most : 1) }),
    }
    const made = await descent({ arrays, scalars: { count: step, at: 0, ...position } }, given, trips)
    ;({ arrays } = made.state)
    for (const found of made.rows.loss) {
      const rate = rateAt(numbers, schedule, position.epoch)
      const row = { epoch: position.epoch + 1, step: step + 1, rate }
      if (!Number.isFinite(found)) throw diverged(found, row, loss)
      const after = counted(numbers, batches, position, found)
      ;[position, step, loss, converged] = [after.next, step + 1, found, after.over && after.mean <= stop.loss]
      if (after.over || step === stop.steps) close({ ...row, loss: after.mean })
    }
  }
  // Each loss is computed before its step, so only the weights show whether the last step diverged.
  const dw = groupOf("dw", arrays)
  if (!Object.values(dw).every(({ data }) => data.every(Number.isFinite)))
    throw diverged(
      Number.NaN,
      { epoch: position.epoch + 1, step, rate: rateAt(numbers, schedule, position.epoch) },
      loss,
    )
  return { weights: { ...weights, ...movedBy(trained, dw) }, epochs, converged }
}

/**
 * Batches as rows, padded to `most` rows so that each call has the same shape. The padding is point 0 and is never
 * reached.
 */
const rows = ({ size, points }: { readonly size: number; readonly points: Int32Array }, most: number): Tensor => {
  const data = new Int32Array(most * size)
  data.set(points)
  return { shape: [most, size], data }
}

const diverged = (loss: number, { step, epoch, rate }: Omit<Epoch, "loss">, before: number): StageError =>
  new StageError({
    reason: "Diverged",
    message:
      `The loss is ${loss} at step ${step}, in epoch ${epoch} with rate ${rate.toPrecision(4)}; ` +
      `${Number.isNaN(before) ? "that is its first value" : `it was ${before.toPrecision(4)} before`}.`,
  })
