// The learning rate of an epoch, written once for numbers and for the scalars of a compiled step. Knows nothing about
// steps or batches: the caller decides what an epoch is and whether it is a whole number.
import { Effect, Schema } from "effect"
import type { Doubles } from "../../tensor/double.ts"

export const Schedule = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("constant"), rate: Schema.Finite }),
  /** rate / (1 + decay epoch), as in Chizat et al. 2019 with decay 100 / 300. */
  Schema.Struct({ kind: Schema.Literal("inverse"), rate: Schema.Finite, decay: Schema.Finite }),
  /**
   * From 0 to twice the rate in `warmUp` epochs, then along half a cosine down to a fifteenth of the rate, and constant
   * after that. `epochs` counts all epochs. As in Ghorbani et al. 2020.
   */
  Schema.Struct({
    kind: Schema.Literal("warm-up-cosine"),
    rate: Schema.Finite,
    warmUp: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(15))),
    epochs: Schema.Finite,
  }),
])
export type Schedule = typeof Schedule.Type

/** The rate in an epoch; epochs are counted from 0. */
export const rateAt = <D, B>(m: Doubles<D, B>, schedule: Schedule, epoch: D): D => {
  switch (schedule.kind) {
    case "constant":
      return m.add(schedule.rate, 0)
    case "inverse":
      return m.div(schedule.rate, m.add(1, m.mul(schedule.decay, epoch)))
    case "warm-up-cosine": {
      const { rate, warmUp, epochs } = schedule
      const rising = m.div(m.mul(2 * rate, epoch), warmUp)
      const share = m.div(m.sub(epoch, warmUp), epochs - warmUp)
      const falling = m.mul(rate, m.sub(1, sine(m, m.mul(Math.PI, m.sub(m.choose(m.less(share, 1), share, 1), 0.5)))))
      const floor = rate / 15
      return m.choose(m.less(epoch, warmUp), rising, m.choose(m.less(falling, floor), floor, falling))
    }
  }
}

/** sin(x) for |x| <= pi / 2 by its series. The first term left out, x^23 / 23!, is below rounding. */
const sine = <D, B>(m: Doubles<D, B>, x: D): D => {
  const square = m.mul(x, x)
  let series = m.sub(1, m.div(square, 20 * 21))
  for (let k = 18; k >= 2; k -= 2) series = m.sub(1, m.mul(m.div(square, k * (k + 1)), series))
  return m.mul(x, series)
}
