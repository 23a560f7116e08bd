// Runs a flow as one compiled loop, in chunks of about a second; every training by the flow uses this. Knows nothing
// about what a step reports beside the loss and the change of the outputs.
import type * as tf from "@tensorflow/tfjs-core"
import type { Tensors } from "../../pipeline/stage.ts"
import { grouped, groupOf } from "../net/group.ts"
import { iterate } from "../tensor/iterate.ts"
import { jit, type Options } from "../tensor/jit.ts"
import type { State, Step } from "../tensor/step.ts"
import { stepsASecond } from "./chunk.ts"
import { begin, type Trial } from "./control.ts"
import { follow, type FlowEnd, type FlowParams, type Moment } from "./flow.ts"
import { type Fixed, outcome, type Task } from "./momentum.ts"
import type { Prepared } from "./task.ts"

type FlowStep<R extends string> = Step<string, "t" | "dt", string, R>

interface Compiled<R extends string, T extends Trial<number>> {
  readonly name: string
  readonly step: FlowStep<R>
  /** Inputs of the step beside the arrays of the task. */
  readonly more?: Tensors
  /** The trials of one call, from the rows that its steps report. */
  readonly trialsOf: (rows: Readonly<Record<R, Float64Array>>) => ReadonlyArray<T>
  readonly onMoment: (moment: Moment, trial?: T) => void
}

/** The loss at the movement dw, and the arrays f and g that a step begins with. */
export const startOf =
  (task: Task) =>
  (arrays: Fixed): Record<string, tf.Tensor> => {
    const { f, loss, g } = outcome(task, groupOf("dw", arrays), arrays)
    return { f, loss, ...grouped("g", g) }
  }

/** Follows the flow of a prepared task from rest to its end. `dw` is the movement of all weights, in packs. */
export const followCompiled = async <R extends string, T extends Trial<number>>(
  { task, x, y, fixed, still }: Prepared,
  params: FlowParams & Required<Pick<Options, "dtype" | "backend">>,
  { name, step, more = {}, trialsOf, onMoment }: Compiled<R, T>,
): Promise<{ readonly end: FlowEnd; readonly dw: Tensors }> => {
  const { dtype, backend } = params
  const given = { ...fixed, x, y, ...more }
  const dw = grouped("dw", still)
  const begun = jit("start", startOf(task), { dtype, backend })
  const { loss, ...start } = await begun({ ...given, ...dw })
  const flow = iterate(name, step, { dtype, backend })
  let state: State<string, "t" | "dt"> = { arrays: { ...dw, ...grouped("v", still), ...start }, scalars: begin }
  const chunk = async (tries: number): Promise<ReadonlyArray<T>> => {
    const { state: after, rows } = await flow(state, given, tries)
    state = after
    return trialsOf(rows)
  }
  // Each call computes once the arrays that do not change from step to step, so a call has at least 5 steps.
  const tries = Math.max(5, stepsASecond(y.shape[0]!, still, x))
  const end = await follow(params, loss!.data[0]!, chunk, tries, onMoment)
  return { end, dw: groupOf("dw", state.arrays) }
}
