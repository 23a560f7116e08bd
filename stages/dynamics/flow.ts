// The momentum flow, followed to its end in chunks of many steps. The caller decides what a step does to weights or
// coefficients; control.ts decides whether a step is accepted. Knows nothing about nets.
import { Schema } from "effect"
import { StageError, type Table } from "../../pipeline/stage.ts"
import { numbers } from "../tensor/double.ts"
import { type Bounds, type Clock, type Trial, begin, decayOf, judge } from "./control.ts"
import { Stop, ended } from "./stop.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

export const flowParams = {
  /** The memory time of the velocity: t / mu, tau, or no memory. */
  relaxation: Schema.Union([
    Schema.Struct({ kind: Schema.Literal("proportional"), mu: Positive }),
    Schema.Struct({ kind: Schema.Literal("constant"), tau: Positive }),
    Schema.Struct({ kind: Schema.Literal("none") }),
  ]),
  /** A step that changes an output by more than `high` (in units of the margin) is undone; below `low` steps grow. */
  low: Positive,
  high: Positive,
  /** The step limit counts tried steps, undone steps included. */
  stop: Stop,
}
export interface FlowParams extends Bounds {
  readonly stop: Stop
}

/** Tries at most `tries` more steps, and fewer only if the control ends the flow. */
export type Chunk<T extends Trial<number> = Trial<number>> = (tries: number) => Promise<ReadonlyArray<T>>

export interface Moment {
  /** Number of accepted steps. */
  readonly step: number
  /** Model time. */
  readonly t: number
  /** alpha^2 times the loss. */
  readonly loss: number
}

export interface FlowEnd extends Moment {
  /** Whether the loss has reached the loss of the stop rule. */
  readonly converged: boolean
  readonly undone: number
}

/**
 * Throws a StageError if the loss or the change of a step is not a finite number. `before` is the state before the
 * step.
 */
export const assertNumbers = (
  { loss, change }: Trial<number>,
  { t, dt }: Clock<number>,
  before: Pick<Moment, "step" | "loss">,
): void => {
  if (Number.isFinite(loss) && Number.isFinite(change)) return
  const what = Number.isFinite(loss) ? `The largest change of an output is ${change}` : `The loss is ${loss}`
  throw new StageError({
    reason: "Diverged",
    message:
      `${what} after step ${before.step} at t = ${t.toPrecision(4)}, dt = ${dt.toPrecision(4)}; the loss was ` +
      `${before.loss.toPrecision(4)} before.`,
  })
}

/**
 * Follows the flow from the loss `start` until its stop rule is met, `tries` steps at a time. The control decides for
 * each trial whether the step is accepted; `onMoment` is called at the start and after each accepted step, with its
 * trial. Throws a StageError if a loss or a change is not a finite number.
 */
export const follow = async <T extends Trial<number>>(
  params: FlowParams,
  start: number,
  chunk: Chunk<T>,
  tries: number,
  onMoment: (moment: Moment, trial?: T) => void,
): Promise<FlowEnd> => {
  let [clock, loss, step, undone] = [begin, start, 0, 0]
  onMoment({ step, t: clock.t, loss })
  const outcome = () => ended(params.stop, { loss, step: step + undone, t: clock.t })
  while (outcome() === undefined) {
    for (const trial of await chunk(Math.min(tries, params.stop.steps - step - undone))) {
      assertNumbers(trial, clock, { step, loss })
      const verdict = judge(numbers, params, clock, trial)
      ;({ clock } = verdict)
      if (verdict.undone) {
        undone++
        continue
      }
      step++
      ;({ loss } = trial)
      onMoment({ step, t: clock.t, loss }, trial)
    }
  }
  return { step, t: clock.t, loss, undone, converged: outcome() === "converged" }
}

/** The end as a line of a log. */
export const endAsText = ({ step, undone, t, converged }: FlowEnd): string =>
  `${step} steps, ${undone} undone, t = ${t.toPrecision(6)}, ${converged ? "converged" : "not converged"}`

/** The end as a table of one row. */
export const rowOf = ({ step, undone, t, loss, converged }: FlowEnd): Table => ({
  step: [step],
  undone: [undone],
  t: [t],
  loss: [loss],
  converged: [converged],
})

/** A step that is computed but not yet accepted. */
export interface Attempt extends Trial<number> {
  readonly take: () => void
}

/** Computes steps one by one in plain JavaScript, under the same control as compiled steps. */
export const oneByOne = (bounds: Bounds, attempt: (decay: number, dt: number) => Attempt): Chunk => {
  let clock = begin
  return async (tries) => {
    const trials: Array<Trial<number>> = []
    for (let more = true; more && trials.length < tries;) {
      const trial = attempt(decayOf(numbers, bounds, clock), clock.dt)
      const verdict = judge(numbers, bounds, clock, trial)
      if (!verdict.undone) trial.take()
      ;({ clock, more } = verdict)
      trials.push(trial)
    }
    return trials
  }
}

/** Reports the largest fraction of the loss that was gone at any moment: the loss itself may rise for a while. */
export const progressOf = (onProgress: (fraction: number) => void): ((moment: Moment) => void) => {
  let [most, start] = [0, 0]
  return ({ step, loss }) => {
    if (step === 0) start = loss
    most = Math.max(most, 1 - loss / start)
    onProgress(most)
  }
}

/** t1 is the time at which the loss falls below this fraction of its start (Fig. 3b). */
export const half = 0.5

/**
 * Keeps the moments that a curve needs: the first, the last, and the first whose loss is below half of the start.
 * Between them, once the loss is below `left` times its start, a moment is kept whenever the loss fell by 0.005 of the
 * start or the time grew by a twentieth. While the step grows from 1e-50 the loss does not change.
 */
export class Curve<M extends Moment = Moment> {
  readonly #left: number
  readonly #kept: Array<M> = []
  #last: M | undefined

  constructor(left = 0.9999) {
    this.#left = left
  }

  readonly see = (moment: M): void => {
    const before = this.#kept.at(-1)
    this.#last = moment
    if (before === undefined || this.#tells(moment, before)) this.#kept.push(moment)
  }

  #tells({ t, loss }: Moment, before: Moment): boolean {
    const start = this.#kept[0]!.loss
    return (
      loss < this.#left * start &&
      (before.loss - loss >= 0.005 * start ||
        t >= 1.05 * before.t ||
        (before.loss >= half * start && loss < half * start))
    )
  }

  /** The moments that were kept, and the last moment. */
  moments(): ReadonlyArray<M> {
    return this.#kept.at(-1) === this.#last ? this.#kept : [...this.#kept, this.#last!]
  }

  /** Columns step, t and loss. */
  table(): {
    readonly step: ReadonlyArray<number>
    readonly t: ReadonlyArray<number>
    readonly loss: ReadonlyArray<number>
  } {
    const moments = this.moments()
    return {
      step: moments.map((each) => each.step),
      t: moments.map((each) => each.t),
      loss: moments.map((each) => each.loss),
    }
  }
}
