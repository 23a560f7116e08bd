// The whole flow is one compiled loop (momentum.ts), followed in stretches of about a second.
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensors } from "../../../pipeline/stage.ts"
import { attempt } from "../../stage-error.ts"
import { modelOf } from "../../net/model-of.ts"
import { iterate } from "../../tensor/iterate.ts"
import { jit } from "../../tensor/jit.ts"
import type { State } from "../../tensor/step.ts"
import { begin, type Trial } from "../control.ts"
import { Curve, follow, progressOf, rowOf, saidOf, type FlowEnd, type Moment } from "../flow.ts"
import { momentumStep, outcome } from "../momentum.ts"
import { prepared } from "../task.ts"
import type { TrainParams } from "./train.ts"
import { stepsASecond } from "../chunk.ts"
import { movedBy } from "../vector.ts"

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
  yield* Effect.log(saidOf(end))
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
  const { dtype, backend } = params
  const { task, trained, x, y, fixed, still } = prepared(params, data, weights)
  const given = { ...fixed, x, y }
  const start = await jit("start", (arrays) => outcome(task, arrays["dw"]!, arrays), { dtype, backend })({
    ...given,
    dw: still,
  })
  const flow = iterate("flow", momentumStep(task, params), { dtype, backend })
  let state: State<"dw" | "v" | "g" | "f", "t" | "dt"> = {
    arrays: { dw: still, v: still, g: start.g, f: start.f },
    scalars: begin,
  }
  const stretch = async (tries: number): Promise<ReadonlyArray<Trial<number>>> => {
    const { state: after, rows } = await flow(state, given, tries)
    state = after
    return Array.from(rows.change, (change, i) => ({ change, loss: rows.loss[i]! }))
  }
  // Each call computes once what does not change from step to step: never for a few steps only.
  const tries = Math.max(5, stepsASecond(y.shape[0]!, still.data.length, x))
  const end = await follow(params, start.loss.data[0]!, stretch, tries, onMoment)
  return { end, weights: { ...weights, ...movedBy(trained, state.arrays.dw) } }
}
