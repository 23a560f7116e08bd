// Measures the effect of training on one net: how far kernel and weights moved, how long training took, the test error.
// Knows nothing about how the net was trained.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"
import { Method } from "../net/method.ts"

export const MeasureParams = Schema.Struct({
  model: Architecture,
  method: Method,
  alpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** The kernel is computed on this many test points, from the first. */
  kernelPoints: Schema.Int,
  ...compute,
})
export type MeasureParams = typeof MeasureParams.Type

/**
 * Inputs: the weights at the `start` and at the `end`, the `curve` and last row (`finish`) of any training. A training
 * by steps (`descend`) has no t1 and t2.
 * Output `observables`, one row: kernelChange |Theta - Theta0| / |Theta0| (Frobenius), weightChange sqrt(h) |w - w0| /
 * |w0|, t1 (the time at which the loss is first below half of its start), t2 (the time of convergence), testError,
 * steps, converged. Output `outputs`: F = alpha (f - f0) (m) on the test points.
 * In float32 kernelChange is a difference of two kernels, accurate to 1e-7 of either kernel. weightChange is not finite
 * if all weights start at zero.
 * Source: Geiger et al. 2019, sections 4 and 5, Fig. 3 and 6.
 */
export const measure = stage(import.meta, "measure", {
  params: MeasureParams,
  inputs: { test: Tensors, start: Tensors, end: Tensors, curve: Table, finish: Table },
  outputs: { observables: Table, outputs: Tensors },
  optionalPackages: backendPackages,
  run: () => import("./measure.run.ts"),
})
