// The names of losses, apart from the losses: a declaration that names one must not load TF.js.
import { Schema } from "effect"

export const LossName = Schema.Literals(["hinge", "square", "logistic", "softmax-cross-entropy"])
export type LossName = typeof LossName.Type
