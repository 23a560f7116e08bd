// The outputs that a fully connected net of infinite width learns: the dynamics with its tangent kernel, which does not
// change. Knows nothing about finite nets.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { flowParams } from "../flow.ts"

export const LinearizeLimitParams = Schema.Struct({
  depth: Schema.Int.check(Schema.isGreaterThan(0)),
  activation: Schema.Literals(["softplus", "relu"]),
  ...flowParams,
})
export type LinearizeLimitParams = typeof LinearizeLimitParams.Type

/**
 * Inputs x (n, d) with labels y (n) to train on and to test on. Outputs as those of `linearize`, with the kernel of
 * infinite width in place of the kernel of a net.
 * Source: Jacot et al. 2018; Geiger et al. 2019, section 4 (i) and eq. 26.
 */
export const linearizeLimit = stage(import.meta, "linearizeLimit", {
  params: LinearizeLimitParams,
  inputs: { train: Tensors, test: Tensors },
  outputs: { outputs: Tensors, end: Table },
  optionalPackages: () => [], // kernels of infinite width are computed in plain arithmetic
  run: () => import("./linearize-limit.run.ts"),
})
