// What a net would learn if its tangent kernel stayed what it is: the dynamics with a frozen kernel.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { Architecture } from "../../net/architecture.ts"
import { flowParams } from "../flow.ts"

export const LinearizeParams = Schema.Struct({ model: Architecture, ...flowParams, ...compute })
export type LinearizeParams = typeof LinearizeParams.Type

/**
 * The kernel at `weights`, the flow of Geiger et al. in its coefficients, its outputs on the test points.
 * Outputs `outputs`: F (m) on the test points, in units of the margin; `end`, one row: step, undone, t, loss,
 * converged, testError. Alpha drops out: F does not depend on it.
 * Source: Geiger et al. 2019, appendix C, eq. 26.
 */
export const linearize = stage(import.meta, "linearize", {
  params: LinearizeParams,
  inputs: { train: Tensors, test: Tensors, weights: Tensors },
  outputs: { outputs: Tensors, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./linearize.run.ts"),
})
