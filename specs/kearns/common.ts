// The settings that all sections on Kearns et al. share: the random data, the optimiser and the precision.
// Knows nothing about single sections.
import { Schema } from "effect"
import { setting } from "../../pipeline/spec.ts"
import { Count, Positive } from "../support/settings.ts"

export const common = {
  points: setting(Count, 100, "random training points"),
  inputs: setting(Count, 10, "numbers in a random point"),
  dataSeed: setting(Schema.Int, 42, "seed of numpy's generator, which draws the random points and labels"),
  rate: setting(Positive, 1e-3, "learning rate of Adam"),
  threshold: setting(Positive, 5e-3, "training ends with the first epoch whose mean loss is at most this"),
  dtype: setting(Schema.Literals(["float32", "float64"]), "float32", "precision of training"),
  backend: setting(Schema.Literals(["onnx", "cpu", "tensorflow"]), "onnx", "library that computes"),
  seed: setting(Schema.Int, 0, "seed of the spec"),
}

/** `paper`: the widths of the report. */
export const commonScales = { quick: {}, paper: {} }
