// The step control: how much of the velocity is left, whether a step is undone, how large the next one is, whether
// there is one. Written once, for numbers and for the scalars of a compiled step. Knows neither weights nor data.
// Source: Geiger et al. 2019, eq. 6 with tau = t / mu, in the discrete form of its program.
import type { Doubles } from "../tensor/double.ts"

/** As in flowParams. */
export interface Bounds {
  readonly mu: number
  readonly low: number
  readonly high: number
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

/** v <- decay v - (1 - decay) gradient; w <- w + dt v. */
export const decayOf = <D, B>(m: Doubles<D, B>, { mu }: Bounds, { t, dt }: Clock<D>): D => m.pow(m.div(t, m.add(t, dt)), mu)

/** Whether a step is undone, the clock after it, and whether there is another: none after a loss of exactly zero. */
export const judge = <D, B>(m: Doubles<D, B>, { low, high }: Bounds, { t, dt }: Clock<D>, { change, loss }: Trial<D>): { readonly undone: B; readonly clock: Clock<D>; readonly more: B } => {
  const undone = m.less(high, change)
  const growth = m.choose(m.less(change, low), m.choose(m.equal(change, 0), 10, 1.1), 1)
  return {
    undone,
    clock: { t: m.choose(undone, t, m.add(t, dt)), dt: m.choose(undone, m.div(dt, 10), m.mul(dt, growth)) },
    more: m.less(0, m.choose(undone, 1, loss)),
  }
}
