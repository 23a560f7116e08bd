// The names of activation functions, apart from the functions: a declaration that names one must not load TF.js.
import { Schema } from "effect"

export const ActivationName = Schema.Literals(["softplus", "relu"])
export type ActivationName = typeof ActivationName.Type
