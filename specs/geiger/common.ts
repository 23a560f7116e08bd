// What all sections on Geiger et al. share: the points, the step control, who computes.
import { Schema } from "effect"
import { setting } from "../../pipeline/spec.ts"
import { Count, Positive } from "../support/settings.ts"

/**
 * sqrt(h) alpha of an alpha, and alpha of a sqrt(h) alpha: six digits, so that names and keys do not end in rounding.
 */
export const scaleOf = (alpha: number, h: number): number => Number((alpha * Math.sqrt(h)).toPrecision(6))
export const alphaOf = (sqrtHAlpha: number, h: number): number => Number((sqrtHAlpha / Math.sqrt(h)).toPrecision(6))

export const common = {
  n: setting(Count, 200, "training points of fully connected nets"),
  nTest: setting(Count, 2000, "test points, for errors"),
  kernelPoints: setting(Count, 200, "test points a kernel is taken on"),
  dimension: setting(Count, 10, "principal components of the images"),
  fitOn: setting(Schema.NullOr(Count), null, "images the components are fitted on; null for all 63,130"),
  mu: setting(Schema.Finite, 1000, "momentum: its relaxation time is t / μ"),
  low: setting(Positive, 1e-2, "steps grow while no output changes by more than this (in units of the margin)"),
  high: setting(Positive, 2e-1, "a step that changes an output by more is undone"),
  maxSteps: setting(Count, 200_000, "steps after which a run that has not converged ends"),
  method: setting(
    Schema.Literals(["direct", "difference", "tangent"]),
    "difference",
    "how f(w) − f(w₀) is found in training: carried through the layers, in float32; or two outputs subtracted " +
      "(direct), in dtype; tangent trains the linearised net instead",
  ),
  dtype: setting(Schema.Literals(["float32", "float64"]), "float64", "precision of kernels and of what is measured"),
  backend: setting(Schema.Literals(["onnx", "cpu", "tensorflow"]), "onnx", "who computes"),
  seed: setting(Schema.Int, 0, "seed of the spec"),
}

/** The paper's own points and step control; and a night's work on two cores. */
export const commonScales = {
  medium: { n: 1000, nTest: 10_000, kernelPoints: 1000 },
  paper: { n: 5000, nTest: 50_000, kernelPoints: 5000, low: 1e-4, high: 1e-2, maxSteps: 10_000_000 },
}
