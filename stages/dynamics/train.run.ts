// The whole flow is one compiled loop (momentum.ts), followed in stretches of about a second.
import { Effect } from "effect"
import { Progress, type Given, type StageError, type Table, type Tensor, type Tensors } from "../../pipeline/stage.ts"
import { attempt } from "../attempt.ts"
import { modelOf } from "../net/build.ts"
import { grouped } from "../net/group.ts"
import { part } from "../net/model.ts"
import { iterate } from "../tensor/iterate.ts"
import { jit } from "../tensor/jit.ts"
import type { State } from "../tensor/step.ts"
import { begin, type Trial } from "./control.ts"
import { Curve, follow, progressOf, rowOf, type FlowEnd, type Moment } from "./flow.ts"
import { momentumStep, outcome, type Task } from "./momentum.ts"
import type { TrainParams } from "./train.ts"
import { joined, movedBy, shapesOf } from "./vector.ts"

type Inputs = { readonly data: Tensors; readonly weights: Tensors }
type Outputs = { readonly weights: Tensors; readonly curve: Table; readonly end: Table }

export const run = Effect.fnUntraced(function* ({ params, inputs }: Given<TrainParams, Inputs>): Effect.fn.Return<Outputs, StageError> {
  const tell = progressOf(yield* Progress)
  const curve = new Curve()
  const { end, weights } = yield* attempt(() =>
    train(params, inputs, (moment) => {
      curve.see(moment)
      tell(moment)
    }),
  )
  yield* Effect.log(`${end.step} steps, ${end.undone} undone, t = ${end.t.toPrecision(6)}, ${end.converged ? "converged" : "not converged"}`)
  const moments = curve.table()
  return { weights, curve: { ...moments, scaledTime: moments.t.map((time) => time / params.sqrtHAlpha) }, end: rowOf(end) }
})

const scalar = (x: number): Tensor => ({ shape: [], data: Float64Array.of(x) })
const zeros = (like: Tensor): Tensor => ({ ...like, data: new Float64Array(like.data.length) })

const train = async (params: TrainParams, { data, weights }: Inputs, onMoment: (moment: Moment) => void): Promise<{ readonly end: FlowEnd; readonly weights: Tensors }> => {
  const { method, loss, dtype, backend } = params
  const model = modelOf(params.model)
  const trained = part(model, "trained", weights)
  const task: Task = { model, shapes: shapesOf(trained), method, loss }
  const w0 = joined(trained)
  const fixed = { x: data["x"]!, y: data["y"]!, alpha: scalar(params.sqrtHAlpha / Math.sqrt(model.width)), w0, ...grouped("frozen", part(model, "frozen", weights)) }
  const still = zeros(w0)
  const start = await jit("start", (arrays) => outcome(task, arrays["dw"]!, arrays), { dtype, backend })({ ...fixed, dw: still })
  const flow = iterate("flow", momentumStep(task, params), { dtype, backend })
  let state: State<"dw" | "v" | "g" | "f", "t" | "dt"> = { arrays: { dw: still, v: still, g: start.g, f: start.f }, scalars: begin }
  const stretch = async (tries: number): Promise<ReadonlyArray<Trial<number>>> => {
    const { state: after, rows } = await flow(state, fixed, tries)
    state = after
    return Array.from(rows.change, (change, i) => ({ change, loss: rows.loss[i]! }))
  }
  const end = await follow(params, start.loss.data[0]!, stretch, stretchOf(data["y"]!.data.length, w0.data.length), onMoment)
  return { end, weights: { ...weights, ...movedBy(trained, state.arrays.dw) } }
}

/** As many steps as take about a second: 6 n P multiplications and additions each, of which a core does 2e10. */
const stretchOf = (n: number, size: number): number => Math.min(500, Math.ceil(2e10 / (6 * n * size)))
