// When is a training over, and did it get there?
import { Schema } from "effect"

export const Stop = Schema.Struct({
  /** Converged once the loss (times alpha^2) is at most this; 0 is exact. */
  loss: Schema.Finite,
  /** Steps after which it ends, not converged. */
  steps: Schema.Int,
  /** Model time after which it ends, not converged. */
  time: Schema.NullOr(Schema.Finite),
})
export type Stop = typeof Stop.Type

/** How it ended, or undefined while it goes on. */
export const ended = (
  stop: Stop,
  { loss, step, t }: { readonly loss: number; readonly step: number; readonly t: number },
): "converged" | "cut short" | undefined => {
  if (loss <= stop.loss) return "converged"
  return step >= stop.steps || (stop.time !== null && t >= stop.time) ? "cut short" : undefined
}
