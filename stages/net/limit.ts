// The tangent kernel of a fully connected net of infinite width, on some points.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"

export const LimitParams = Schema.Struct({
  depth: Schema.Int,
  activation: Schema.Literals(["softplus", "relu"]),
  /** The kernel is taken on the first so many points. */
  kernelPoints: Schema.Int,
})
export type LimitParams = typeof LimitParams.Type

/** Output `kernel`: K on the points x (n, d). Source: Jacot et al. 2018; see infinite.ts. */
export const limit = stage(import.meta, "limit", {
  params: LimitParams,
  inputs: { data: Tensors },
  outputs: { kernel: Tensors },
  optionalPackages: () => [], // softplus is plain arithmetic here
  run: () => import("./limit.run.ts"),
})
