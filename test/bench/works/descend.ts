// A step of an optimiser as the stage `descend` takes it: its own step, iterated by its own compiled loop.
import { descentStep } from "../../../stages/dynamics/descend/descent.ts"
import { beginning, upcoming } from "../../../stages/dynamics/descend/epoch.ts"
import type { Optimizer } from "../../../stages/dynamics/descend/optimizer-params.ts"
import { optimizerOf, slotsOf } from "../../../stages/dynamics/descend/optimizer.ts"
import { prepared } from "../../../stages/dynamics/task.ts"
import type { Architecture } from "../../../stages/net/architecture.ts"
import { grouped } from "../../../stages/net/group.ts"
import type { LossName } from "../../../stages/net/loss-name.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import { initial } from "../../../stages/net/model.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import { type Timing, least } from "../timing.ts"
import { classes, drawn, signs } from "./drawn.ts"

export interface DescendParams {
  readonly model: Architecture
  /** Of one input, without the points. */
  readonly point: ReadonlyArray<number>
  readonly n: number
  /** All points, unless said. */
  readonly batch?: number
  readonly loss: Extract<LossName, "logistic" | "softmax-cross-entropy">
  readonly optimizer: Optimizer
  readonly rate: number
  /** Steps that are taken before any is timed. */
  readonly before: number
}

/** At most so many steps in a call. */
const MOST = 1000

export const run = async ({
  model,
  point,
  n,
  batch = n,
  loss,
  optimizer,
  rate,
  before,
}: DescendParams): Promise<Timing> => {
  const { task, x, y, fixed, still } = prepared(
    { model, method: "uncentred", alpha: 1, loss, dtype: "float32" },
    { x: drawn([n, ...point]), y: loss === "logistic" ? signs(n) : classes(n) },
    initial(modelOf(model), 0),
  )
  const schedule = { kind: "constant" as const, rate }
  const step = descentStep(task, { optimizer, schedule, stop: { loss: -1 } }, n / batch)
  const descent = iterate("descent", step, { dtype: "float32" })
  const batches = upcoming({ n, size: batch, seed: 0 }, MOST)(beginning)
  const points = { shape: [MOST, batch], data: batches.points }
  const given = { ...fixed, x, y, ...(batch < n && { points }) }
  let arrays = { ...grouped("dw", still), ...slotsOf(optimizerOf(optimizer), still) }
  let taken = 0
  const take = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= MOST) {
      const trips = Math.min(left, MOST)
      const made = await descent({ arrays, scalars: { count: taken, at: 0, ...beginning } }, given, trips)
      ;({ arrays } = made.state)
      taken += trips
    }
  }
  await take(before)
  return { seconds: await least(take) }
}
