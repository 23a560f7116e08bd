// What training did to one net: how far kernel and weights moved, how long it took, how well it does.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"
import { Method } from "../net/method.ts"

export const MeasureParams = Schema.Struct({
  model: Architecture,
  method: Method,
  alpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** The kernel is taken on the first so many test points. */
  kernelPoints: Schema.Int,
  ...compute,
})
export type MeasureParams = typeof MeasureParams.Type

/**
 * Inputs: the weights at the `start` and at the `end`, the `curve` and last row (`finish`) of the training. Outputs
 * `observables`, one row: kernelChange |Theta - Theta0| / |Theta0| (Frobenius), weightChange sqrt(h) |w - w0| / |w0|,
 * t1 (loss first below half of what it was), t2 (converged), testError, steps, converged; `outputs`: F = alpha (f - f0)
 * (m) on the test points. In float32 kernelChange is a difference of two kernels, good to 1e-7 of either. weightChange
 * is not finite where all weights start at zero. Source: Geiger et al. 2019, sections 4 and 5, Fig. 3 and 6.
 */
export const measure = stage(import.meta, "measure", {
  params: MeasureParams,
  inputs: { test: Tensors, start: Tensors, end: Tensors, curve: Table, finish: Table },
  outputs: { observables: Table, outputs: Tensors },
  optionalPackages: backendPackages,
  run: () => import("./measure.run.ts"),
})
