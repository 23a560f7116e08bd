// The params that every stage that computes with arrays has: the precision and the backend. Knows nothing about any
// stage.
import { Schema } from "effect"

export const compute = {
  /**
   * Use float64 wherever two nearly equal numbers are subtracted: kernels before and after training, and alpha (f - f0)
   * unless `method` is `difference` or `tangent`.
   */
  dtype: Schema.Literals(["float32", "float64"]),
  /**
   * `onnx` is ONNX Runtime. The others are TF.js itself (float32 only): `cpu` in JavaScript, `tensorflow` where
   * tfjs-node loads.
   */
  backend: Schema.Literals(["onnx", "cpu", "tensorflow"]),
}

/** The packages that the backend needs beside the packages of every installation. */
export const backendPackages = (params: { readonly backend: string }): ReadonlyArray<string> =>
  params.backend === "tensorflow" ? ["@tensorflow/tfjs-node"] : []
