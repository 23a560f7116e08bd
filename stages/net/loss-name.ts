// The names of losses. The losses are in loss.ts: a declaration that names a loss must not load TF.js. Knows nothing
// about how a loss is computed.
import { Schema } from "effect"

export const LossName = Schema.Literals([
  "hinge",
  "square",
  "logistic",
  "softmax-cross-entropy",
  "categorical-cross-entropy",
])
export type LossName = typeof LossName.Type
