// The step control: how much of the velocity remains, whether a step is undone, how large the next step is, and whether
// a next step follows. Written once, for numbers and for the scalars of a compiled step. Knows nothing about weights or
// data.
// Source: Geiger et al. 2019, eq. 6, in the discrete form of its program.
import type { Doubles } from "../tensor/double.ts"
import type { Stop } from "./stop.ts"

/** The memory time of the velocity: t / mu, tau, or no memory. */
type Relaxation =
  | { readonly kind: "proportional"; readonly mu: number }
  | { readonly kind: "constant"; readonly tau: number }
  | { readonly kind: "none" }

/** The same fields as in flowParams. */
export interface Bounds {
  readonly relaxation: Relaxation
  readonly low: number
  readonly high: number
  readonly stop: Pick<Stop, "loss" | "time">
}

/** Model time, and the size of the next step to try. */
export interface Clock<D> {
  readonly t: D
  readonly dt: D
}

/** The results of a step before it is accepted. */
export interface Trial<D> {
  /** The largest change of alpha f over the training points. */
  readonly change: D
  /** alpha^2 times the loss after the step. */
  readonly loss: D
}

export const begin: Clock<number> = { t: 0, dt: 1e-50 }

/** The fraction of v that remains after dt: v <- decay v - (1 - decay) gradient; w <- w + dt v. */
export const decayOf = <D, B>(m: Doubles<D, B>, { relaxation }: Bounds, { t, dt }: Clock<D>): D => {
  switch (relaxation.kind) {
    case "proportional":
      return m.pow(m.div(t, m.add(t, dt)), relaxation.mu)
    case "constant":
      return m.pow(Math.E, m.div(dt, -relaxation.tau))
    case "none":
      return m.mul(dt, 0)
  }
}

/**
 * If the change is below this fraction of `low`, steps grow tenfold. The program does this where the change is exactly
 * zero because its subtraction underflows; a change that is carried is never zero. At such times the path is a straight
 * line.
 */
const still = 1e-3

/**
 * Whether the step is undone, the clock after the step, and whether another step follows. No step follows once the stop
 * rule is met.
 */
export const judge = <D, B>(
  m: Doubles<D, B>,
  { low, high, stop }: Bounds,
  { t, dt }: Clock<D>,
  { change, loss }: Trial<D>,
): { readonly undone: B; readonly clock: Clock<D>; readonly more: B } => {
  const undone = m.less(high, change)
  const growth = m.choose(m.less(change, low), m.choose(m.less(change, still * low), 10, 1.1), 1)
  const clock = { t: m.choose(undone, t, m.add(t, dt)), dt: m.choose(undone, m.div(dt, 10), m.mul(dt, growth)) }
  const unfitted = m.less(stop.loss, m.choose(undone, Infinity, loss))
  return { undone, clock, more: stop.time === null ? unfitted : m.and(unfitted, m.less(clock.t, stop.time)) }
}
