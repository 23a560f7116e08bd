// Computes the tangent kernel of a fully connected net of infinite width on some points. Knows nothing about finite
// nets.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"

export const LimitParams = Schema.Struct({
  depth: Schema.Int,
  activation: Schema.Literals(["softplus", "relu"]),
  /** The kernel is computed on this many points, from the first. */
  kernelPoints: Schema.Int,
})
export type LimitParams = typeof LimitParams.Type

/** Output `kernel`: K on the points x (n, d). Source: Jacot et al. 2018; see infinite.ts. */
export const limit = stage(import.meta, "limit", {
  params: LimitParams,
  inputs: { data: Tensors },
  outputs: { kernel: Tensors },
  optionalPackages: () => [], // softplus is computed in plain arithmetic here
  run: () => import("./limit.run.ts"),
})
