// What every stage that trains a net is told of it. Apart from task.ts: a declaration must not load TF.js.
import { Schema } from "effect"
import { Architecture } from "../net/architecture.ts"
import { LossName } from "../net/loss-name.ts"
import { Method } from "../net/method.ts"

export const taskParams = {
  model: Architecture,
  method: Method,
  /** By what the output's change f(w) - f(w0) is multiplied before the loss sees it; 1 where nothing is scaled. */
  alpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  loss: LossName,
}
