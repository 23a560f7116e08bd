// The momentum flow with its step control, whatever it moves: how large the next step is, when a step is
// undone, when it is over. What a step does to weights or coefficients is the caller's.
// Source: Geiger et al. 2019, eq. 6 with tau = t / mu, in the discrete form of its program.
import { Schema } from "effect"
import { StageError } from "../../pipeline/stage.ts"

export const flowParams = {
  /** The relaxation time is t / mu. */
  mu: Schema.Finite,
  /** A step that changes an output by more than `high` (in units of the margin) is undone; below `low` steps grow. */
  low: Schema.Finite,
  high: Schema.Finite,
  /** Steps tried, undone ones included, after which a run that has not converged ends. */
  maxSteps: Schema.Int,
}
export interface FlowParams {
  readonly mu: number
  readonly low: number
  readonly high: number
  readonly maxSteps: number
}

/** A step that was computed, and is not yet taken. */
export interface Trial {
  /** The largest change of alpha f over the training points. */
  readonly change: number
  /** alpha^2 times the loss after it. */
  readonly loss: number
  readonly take: () => void
}

/** v <- decay v - (1 - decay) gradient; w <- w + dt v. */
export type Try = (decay: number, dt: number) => Promise<Trial>

export interface Moment {
  /** Steps taken. */
  readonly step: number
  /** Model time. */
  readonly t: number
  /** alpha^2 times the loss. */
  readonly loss: number
}

export interface FlowEnd extends Moment {
  /** Whether the loss came to zero. */
  readonly converged: boolean
  readonly undone: number
}

/** Follows the flow until the loss is exactly zero. Throws a StageError where it ceases to be a number. */
export const follow = async (params: FlowParams, attempt: Try, onMoment: (moment: Moment) => void): Promise<FlowEnd> => {
  let [t, dt, loss, step, undone] = [0, 1e-50, 1, 0, 0]
  onMoment({ step, t, loss })
  while (loss > 0 && step + undone < params.maxSteps) {
    const trial = await attempt((t / (t + dt)) ** params.mu, dt)
    if (!Number.isFinite(trial.loss) || !Number.isFinite(trial.change)) {
      throw new StageError({ reason: "Diverged", message: `The loss is ${trial.loss} after step ${step} at t = ${t.toPrecision(4)}, dt = ${dt.toPrecision(4)}; it was ${loss.toPrecision(4)} before.` })
    }
    if (trial.change > params.high) {
      undone++
      dt /= 10
      continue
    }
    trial.take()
    step++
    t += dt
    loss = trial.loss
    onMoment({ step, t, loss })
    if (trial.change < params.low) dt *= trial.change === 0 ? 10 : 1.1
  }
  return { step, t, loss, undone, converged: loss === 0 }
}

/** Tells of the largest part of the loss that was gone at any moment: the loss itself may rise for a while. */
export const progressOf = (onProgress: (fraction: number) => void): ((moment: Moment) => void) => {
  let most = 0
  return ({ loss }) => {
    most = Math.max(most, 1 - loss)
    onProgress(most)
  }
}

/** alpha^2 times the loss below which t1 is read (Fig. 3b). */
export const half = 0.5

/**
 * Keeps the moments a curve needs: the first, the last, the first below one half, and in between, once the loss has
 * left 1, whenever it fell by 0.005 or the time grew by a twentieth. While the step grows from 1e-50 nothing happens.
 */
export class Curve {
  readonly #kept: Array<Moment> = []
  #last: Moment | undefined

  readonly see = (moment: Moment): void => {
    const before = this.#kept.at(-1)
    this.#last = moment
    if (before === undefined || this.#tells(moment, before)) this.#kept.push(moment)
  }

  #tells({ t, loss }: Moment, before: Moment): boolean {
    return loss < 0.9999 && (before.loss - loss >= 0.005 || t >= 1.05 * before.t || (before.loss >= half && loss < half))
  }

  /** Columns step, t and loss. */
  table(): { readonly step: ReadonlyArray<number>; readonly t: ReadonlyArray<number>; readonly loss: ReadonlyArray<number> } {
    const moments = this.#kept.at(-1) === this.#last ? this.#kept : [...this.#kept, this.#last!]
    return { step: moments.map((each) => each.step), t: moments.map((each) => each.t), loss: moments.map((each) => each.loss) }
  }
}
