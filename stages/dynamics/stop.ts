// When does a training end, and has it converged? Knows nothing about steps or weights.
import { Schema } from "effect"

export const Stop = Schema.Struct({
  /** Training has converged once the loss (times alpha^2) is at most this; 0 asks for a loss of exactly zero. */
  loss: Schema.Finite,
  /** Training ends after this many steps, not converged. */
  steps: Schema.Int,
  /** Training ends after this model time, not converged; null for no limit. */
  time: Schema.NullOr(Schema.Finite),
})
export type Stop = typeof Stop.Type

/** How the training ended, or undefined if it has not ended. */
export const ended = (
  stop: Stop,
  { loss, step, t }: { readonly loss: number; readonly step: number; readonly t: number },
): "converged" | "cut short" | undefined => {
  if (loss <= stop.loss) return "converged"
  return step >= stop.steps || (stop.time !== null && t >= stop.time) ? "cut short" : undefined
}
