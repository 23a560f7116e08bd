// Runs a flow as one compiled loop, in chunks of about a second; every training by the flow uses this. Knows nothing
// about what a step reports beside the loss and the change of the outputs.
import type { Tensor, Tensors } from "../../pipeline/stage.ts"
import { iterate } from "../tensor/iterate.ts"
import { jit, type Options } from "../tensor/jit.ts"
import type { State, Step } from "../tensor/step.ts"
import { stepsASecond } from "./chunk.ts"
import { begin, type Trial } from "./control.ts"
import { follow, type FlowEnd, type FlowParams, type Moment } from "./flow.ts"
import { outcome } from "./momentum.ts"
import type { Prepared } from "./task.ts"

type FlowStep<R extends string> = Step<"dw" | "v" | "g" | "f", "t" | "dt", string, R>

interface Compiled<R extends string, T extends Trial<number>> {
  readonly name: string
  readonly step: FlowStep<R>
  /** Inputs of the step beside the arrays of the task. */
  readonly more?: Tensors
  /** The trials of one call, from the rows that its steps report. */
  readonly trialsOf: (rows: Readonly<Record<R, Float64Array>>) => ReadonlyArray<T>
  readonly onMoment: (moment: Moment, trial?: T) => void
}

/** Follows the flow of a prepared task from rest to its end. `dw` is the movement of all weights as one vector. */
export const followCompiled = async <R extends string, T extends Trial<number>>(
  { task, x, y, fixed, still }: Prepared,
  params: FlowParams & Required<Pick<Options, "dtype" | "backend">>,
  { name, step, more = {}, trialsOf, onMoment }: Compiled<R, T>,
): Promise<{ readonly end: FlowEnd; readonly dw: Tensor }> => {
  const { dtype, backend } = params
  const given = { ...fixed, x, y, ...more }
  const start = await jit("start", (arrays) => outcome(task, arrays["dw"]!, arrays), { dtype, backend })({
    ...given,
    dw: still,
  })
  const flow = iterate(name, step, { dtype, backend })
  let state: State<"dw" | "v" | "g" | "f", "t" | "dt"> = {
    arrays: { dw: still, v: still, g: start.g, f: start.f },
    scalars: begin,
  }
  const chunk = async (tries: number): Promise<ReadonlyArray<T>> => {
    const { state: after, rows } = await flow(state, given, tries)
    state = after
    return trialsOf(rows)
  }
  // Each call computes once the arrays that do not change from step to step, so a call has at least 5 steps.
  const tries = Math.max(5, stepsASecond(y.shape[0]!, still.data.length, x))
  const end = await follow(params, start.loss.data[0]!, chunk, tries, onMoment)
  return { end, dw: state.arrays.dw }
}
