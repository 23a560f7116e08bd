// A training step as the stage `train` takes it: its own step, iterated by its own compiled loop.
import type { Bounds } from "../../../stages/dynamics/control.ts"
import { startOf } from "../../../stages/dynamics/compiled-flow.ts"
import { momentumStep } from "../../../stages/dynamics/momentum.ts"
import { prepared } from "../../../stages/dynamics/task.ts"
import type { Architecture } from "../../../stages/net/architecture.ts"
import { grouped } from "../../../stages/net/group.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import type { Method } from "../../../stages/net/method.ts"
import { initial } from "../../../stages/net/model.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import { type Dtype, jit } from "../../../stages/tensor/jit.ts"
import type { State } from "../../../stages/tensor/step.ts"
import { type Timing, least } from "../timing.ts"
import { drawn, signs } from "./drawn.ts"

export interface StepParams {
  readonly model: Architecture
  /** Of one input, without the points. */
  readonly point: ReadonlyArray<number>
  readonly n: number
  readonly alpha: number
  readonly method: Method
  readonly dtype: Dtype
  /** Of the velocity, in every step. */
  readonly decay: number
  readonly dt: number
}

export const run = async ({ model, point, n, alpha, method, dtype, decay, dt }: StepParams): Promise<Timing> => {
  const weights = initial(modelOf(model), 0)
  const { task, x, y, fixed, still } = prepared(
    { model, method, alpha, loss: "hinge", dtype },
    { x: drawn([n, ...point]), y: signs(n) },
    weights,
  )
  const given = { ...fixed, x, y }
  const dw = grouped("dw", still)
  const { loss: _, ...start } = await jit("start", startOf(task), { dtype })({ ...given, ...dw })
  // Never undone, never over, never another size: e^(-dt / tau) is the decay.
  const bounds: Bounds = {
    relaxation: { kind: "constant", tau: -dt / Math.log(decay) },
    low: 0,
    high: Infinity,
    stop: { loss: -1, time: null },
  }
  const flow = iterate("flow", momentumStep(task, bounds), { dtype })
  let state: State<string, "t" | "dt"> = {
    arrays: { ...dw, ...grouped("v", still), ...start },
    scalars: { t: 0, dt },
  }
  const seconds = await least(async (count) => {
    ;({ state } = await flow(state, given, count))
  })
  return { seconds }
}
