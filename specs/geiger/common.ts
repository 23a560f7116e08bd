// The settings that all sections on Geiger et al. share: the points, the step control, the precision and the backend.
// Knows nothing about single sections.
import { Schema } from "effect"
import { setting } from "../../pipeline/spec.ts"
import { Count, Positive } from "../support/settings.ts"

/** Converts alpha to sqrt(h) alpha, and back. Six digits are kept, so that names and keys have no rounding noise. */
export const scaleOf = (alpha: number, h: number): number => Number((alpha * Math.sqrt(h)).toPrecision(6))
export const alphaOf = (sqrtHAlpha: number, h: number): number => Number((sqrtHAlpha / Math.sqrt(h)).toPrecision(6))

export const common = {
  n: setting(Count, 200, "training points of fully connected nets"),
  nTest: setting(Count, 2000, "test points on which errors are measured"),
  kernelPoints: setting(Count, 200, "test points on which a kernel is computed"),
  dimension: setting(Count, 10, "number of principal components of the images"),
  fitOn: setting(Schema.NullOr(Count), null, "images on which the components are fitted; null means all 63,130"),
  mu: setting(Schema.Finite, 1000, "momentum parameter μ: the relaxation time is t / μ"),
  low: setting(Positive, 1e-2, "steps grow while no output changes by more than this (in units of the margin)"),
  high: setting(Positive, 2e-1, "a step that changes an output by more than this is undone (in units of the margin)"),
  maxSteps: setting(Count, 200_000, "steps after which a training stops, converged or not"),
  method: setting(
    Schema.Literals(["direct", "difference", "tangent"]),
    "difference",
    "how training computes f(w) − f(w₀): difference carries it through the layers in float32; direct subtracts two " +
      "outputs in dtype; tangent trains the linearised net instead",
  ),
  dtype: setting(
    Schema.Literals(["float32", "float64"]),
    "float64",
    "precision of kernels and of other measured quantities",
  ),
  backend: setting(Schema.Literals(["onnx", "cpu", "tensorflow"]), "onnx", "library that computes"),
  seed: setting(Schema.Int, 0, "seed of the spec"),
}

/**
 * `medium`: about one night of work on two cores. `large`: at most 20,000 core-hours, a week of a group's cluster.
 * `paper`: the points and the step control of the paper.
 */
export const commonScales = {
  quick: {},
  medium: { n: 1000, nTest: 10_000, kernelPoints: 1000 },
  large: { n: 5000, nTest: 50_000, kernelPoints: 2000, maxSteps: 1_000_000 },
  paper: { n: 5000, nTest: 50_000, kernelPoints: 5000, low: 1e-4, high: 1e-2, maxSteps: 10_000_000 },
}
