// What every stage that trains a net is told of it. Apart from task.ts: a declaration must not load TF.js.
import { Schema } from "effect"
import { Architecture } from "../net/architecture.ts"
import { LossName } from "../net/loss-name.ts"
import { Method } from "../net/method.ts"

export const taskParams = {
  model: Architecture,
  method: Method,
  /**
   * sqrt(h) alpha, the number people say; alpha follows from the width of the net. Where alpha is 1, this is sqrt(h).
   */
  sqrtHAlpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  loss: LossName,
}
