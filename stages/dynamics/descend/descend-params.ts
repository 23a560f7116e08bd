// The params of a training with an optimiser and a fixed schedule. Knows nothing about the stages that train so.
import { Schema } from "effect"
import { compute } from "../../compute.ts"
import { Stop } from "../stop.ts"
import { taskParams } from "../task-params.ts"
import { Optimizer } from "./optimizer-params.ts"
import { Schedule } from "./schedule.ts"

export const DescendParams = Schema.Struct({
  ...taskParams,
  optimizer: Optimizer,
  /** Epochs are counted from 0. */
  schedule: Schedule,
  /** Points in a batch; null for all points. The last batch of an epoch has the remaining points. */
  batch: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))),
  /**
   * Training has converged at the end of an epoch whose mean loss is at most `loss`. There is no stop by model time,
   * since learning rates do not add up to one.
   */
  stop: Schema.Struct({ loss: Stop.fields.loss, steps: Stop.fields.steps.check(Schema.isGreaterThan(0)) }),
  ...compute,
})
export type DescendParams = typeof DescendParams.Type
