// The outputs that a net would learn if its tangent kernel did not change: the dynamics with a frozen kernel. Knows
// nothing about the training of the net itself.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages, compute } from "../../compute.ts"
import { Architecture } from "../../net/architecture.ts"
import { flowParams } from "../flow.ts"

export const LinearizeParams = Schema.Struct({ model: Architecture, ...flowParams, ...compute })
export type LinearizeParams = typeof LinearizeParams.Type

/**
 * Computes the kernel at `weights`, the flow of Geiger et al. in its coefficients, and the outputs on the test points.
 * Output `outputs`: F (m) on the test points, in units of the margin. Output `end`, one row: step, undone, t, loss,
 * converged, testError. Alpha is no param: F does not depend on alpha.
 * Source: Geiger et al. 2019, appendix C, eq. 26.
 */
export const linearize = stage(import.meta, "linearize", {
  params: LinearizeParams,
  inputs: { train: Tensors, test: Tensors, weights: Tensors },
  outputs: { outputs: Tensors, end: Table },
  optionalPackages: backendPackages,
  run: () => import("./linearize.run.ts"),
})
