// The names of activation functions, apart from the functions: a declaration that names one must not load TF.js.
import { Schema } from "effect"

/**
 * `softplus` and `relu` are scaled as in Geiger et al. 2019 (a unit Gaussian comes out with E[sigma^2] = 1);
 * `plain-relu` is max(0, u).
 */
export const ActivationName = Schema.Literals(["softplus", "relu", "plain-relu", "tanh"])
export type ActivationName = typeof ActivationName.Type
