// The step control: how much of the velocity is left, whether a step is undone, how large the next one is, whether
// there is one. Written once, for numbers and for the scalars of a compiled step. Knows neither weights nor data.
// Source: Geiger et al. 2019, eq. 6, in the discrete form of its program.
import type { Doubles } from "../tensor/double.ts"
import type { Stop } from "./stop.ts"

/** How long the velocity remembers: for the time t / mu, for the time tau, or not at all. */
type Relaxation =
  | { readonly kind: "proportional"; readonly mu: number }
  | { readonly kind: "constant"; readonly tau: number }
  | { readonly kind: "none" }

/** As in flowParams. */
export interface Bounds {
  readonly relaxation: Relaxation
  readonly low: number
  readonly high: number
  readonly stop: Pick<Stop, "loss" | "time">
}

/** Model time, and the size of the step that is tried next. */
export interface Clock<D> {
  readonly t: D
  readonly dt: D
}

/** What a step would bring. */
export interface Trial<D> {
  /** The largest change of alpha f over the training points. */
  readonly change: D
  /** alpha^2 times the loss after it. */
  readonly loss: D
}

export const begin: Clock<number> = { t: 0, dt: 1e-50 }

/** What is left of v after dt: v <- decay v - (1 - decay) gradient; w <- w + dt v. */
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
 * Below this part of `low` steps grow tenfold. The program does so where the change is exactly zero, which is where its
 * subtraction sees nothing; a difference that is carried is never zero. At such times the way down is a straight line.
 */
const still = 1e-3

/** Whether a step is undone, the clock after it, and whether there is another: none where the stop rule is met. */
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
