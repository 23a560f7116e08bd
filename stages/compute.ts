// The params of every stage that computes with arrays: how exactly, and by whom.
import { Schema } from "effect"

export const compute = {
  /** float64 wherever near equals are subtracted: kernels before and after, and alpha (f - f0) unless it is carried. */
  dtype: Schema.Literals(["float32", "float64"]),
  /** ONNX Runtime, or TF.js itself (float32 only): `cpu` in JavaScript, `tensorflow` where tfjs-node loads. */
  backend: Schema.Literals(["onnx", "cpu", "tensorflow"]),
}

/** What the backend of some params needs beside what every installation has. */
export const backendPackages = (params: { readonly backend: string }): ReadonlyArray<string> =>
  params.backend === "tensorflow" ? ["@tensorflow/tfjs-node"] : []
