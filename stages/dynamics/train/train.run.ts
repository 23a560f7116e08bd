// Runs the whole flow as one compiled loop (momentum.ts), in chunks of about a second.
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { followCompiled } from "../compiled-flow.ts"
import { Curve, progressOf, rowOf, endAsText, type FlowEnd, type Moment } from "../flow.ts"
import { momentumStep } from "../momentum.ts"
import { prepared } from "../task.ts"
import type { TrainParams } from "./train.ts"
import { movedBy } from "../pack.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<TrainParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const curve = new Curve()
  const { end, weights } = yield* attempt(() =>
    train(params, inputs, (moment) => {
      curve.see(moment)
      tell(moment)
    }),
  )
  yield* Effect.log(endAsText(end))
  const moments = curve.table()
  const scale = params.alpha * Math.sqrt(modelOf(params.model).width)
  return {
    weights,
    curve: { ...moments, scaledTime: moments.t.map((time) => time / scale) },
    end: rowOf(end),
  }
})

const train = async (
  params: TrainParams,
  { data, weights }: Inputs,
  onMoment: (moment: Moment) => void,
): Promise<{ readonly end: FlowEnd; readonly weights: Tensors }> => {
  const task = prepared(params, data, weights)
  const { end, dw } = await followCompiled(task, params, {
    name: "flow",
    step: momentumStep(task.task, params),
    trialsOf: ({ change, loss }) => Array.from(change, (each, i) => ({ change: each, loss: loss[i]! })),
    onMoment,
  })
  return { end, weights: { ...weights, ...movedBy(task.trained, dw) } }
}
