// The first step of gradient descent: by how much does it change the loss, and by how much the differential of the net?
// Training is lazy if the loss changes far more. Knows nothing about later steps.
import { Schema } from "effect"
import { stage, Table, Tensors } from "../../pipeline/stage.ts"
import { backendPackages, compute } from "../compute.ts"
import { Architecture } from "../net/architecture.ts"

export const FirstStepParams = Schema.Struct({
  model: Architecture,
  /** The model is alpha times the net. */
  alpha: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** `signs`: the labels of the data, -1 and +1. `zero-one`: 0 and 1 instead. */
  labels: Schema.Literals(["signs", "zero-one"]),
  /** The step is so long that the loss F would fall by this fraction if F were linear. */
  decrease: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1, exclusiveMinimum: true })),
  ...compute,
})
export type FirstStepParams = typeof FirstStepParams.Type

/**
 * For F(w) = |alpha f(w) - y|^2 / 2 over all points, with one output a point. Norms of the differential Df (points,
 * weights) are Frobenius norms, unless said.
 *
 * Output `step`, one row: `rate`, the length eta of the step over |grad F|; `lossChange`, |F1 - F0| / F0; `linear`, eta
 * |grad F|^2 / F0 over lossChange, and `printed`, eta |grad F| / F0 over lossChange, as equation 10 of Kearns et al.
 * prints it; `differentialChange`, |Df1 - Df0| / |Df0|; `ratio`, differentialChange / lossChange; `tightness`, |Df^T r|
 * / (|Df| |r|) for the residual r = alpha f - y, and `tightnessOperator`, the same with the operator norm of Df;
 * `kappa`, |r| |D^2 f u| / (alpha |Df|^2), where u is the direction of the step and D^2 f u is the change of Df along
 * the step over its length; `overKappa`, ratio / kappa. Fails with InvalidInput if F or its gradient is zero at the
 * start.
 * Source: Kearns, Munyuza and Brosh 2023, equations 5 to 11; Chizat, Oyallon and Bach 2019, section 1, for kappa.
 */
export const firstStep = stage(import.meta, "firstStep", {
  params: FirstStepParams,
  inputs: { data: Tensors, weights: Tensors },
  outputs: { step: Table },
  optionalPackages: backendPackages,
  run: () => import("./first-step.run.ts"),
})
