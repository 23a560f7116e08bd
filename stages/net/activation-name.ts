// The names of activation functions. The functions are in activation.ts: a declaration that names an activation must
// not load TF.js. Knows nothing about how an activation is computed.
import { Schema } from "effect"

/**
 * `softplus` and `relu` are scaled as in Geiger et al. 2019 (for a unit Gaussian u, E[sigma(u)^2] = 1); `plain-relu` is
 * max(0, u).
 */
export const ActivationName = Schema.Literals(["softplus", "relu", "plain-relu", "tanh"])
export type ActivationName = typeof ActivationName.Type
