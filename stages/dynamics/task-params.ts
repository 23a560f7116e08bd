// The params that all stages that train a net have in common. Apart from task.ts: a declaration must not load TF.js.
// Knows nothing about optimisers.
import { Schema } from "effect"
import { Architecture } from "../net/architecture.ts"
import { LossName } from "../net/loss-name.ts"
import { Method } from "../net/method.ts"

export const taskParams = {
  model: Architecture,
  method: Method,
  /** The factor of the change f(w) - f(w0) of the output in the loss; 1 for no scaling. */
  alpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  loss: LossName,
}
