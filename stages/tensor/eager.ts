// The second way to compute every number: TF.js itself runs the same function, in float32. A backend is loaded only
// when it is used. Knows nothing about graphs.
import * as tf from "@tensorflow/tfjs-core"
import type { Tensor } from "../../pipeline/stage.ts"
import { withCorrected } from "./corrected.ts"
import { Refusal, TensorError } from "./error.ts"
import "./gradients.ts"
import { loadTensorFlow } from "./tensorflow.ts"
import type { Fn } from "./trace.ts"

const load = { cpu: () => import("@tensorflow/tfjs-backend-cpu"), tensorflow: loadTensorFlow }

/** A backend of TF.js that computes immediately. */
export type EagerBackend = keyof typeof load

const typed = (data: Tensor["data"]): Float32Array | Int32Array =>
  data instanceof Float64Array ? Float32Array.from(data) : data instanceof Uint8Array ? Int32Array.from(data) : data

/**
 * Runs `fn` once on the given TF.js backend. Float64Array inputs are rounded to float32.
 * @throws TensorError `Dtype` for float64, `Backend` if the backend does not load, `Runtime` with the error of TF.js.
 */
export const runEagerly = async <I extends string, O extends string>(
  name: string,
  fn: Fn<I, O>,
  dtype: string,
  backend: EagerBackend,
  inputs: Readonly<Record<I, Tensor>>,
): Promise<Readonly<Record<O, Tensor>>> => {
  if (dtype !== "float32")
    throw new TensorError({
      reason: "Dtype",
      message: `in ${name}: backend ${backend} has no ${dtype}; use backend onnx`,
    })
  await load[backend]()
  await tf.setBackend(backend)
  await tf.ready()
  // The code is synchronous from here on. During the awaits above another call may have set another backend.
  void tf.setBackend(backend)
  const made: Record<string, Tensor> = {}
  try {
    withCorrected(() =>
      tf.tidy(() => {
        const given = Object.entries<Tensor>(inputs).map(
          ([key, { shape, data }]) => [key, tf.tensor(typed(data), [...shape])] as const,
        )
        for (const [key, tensor] of Object.entries<tf.Tensor>(fn(Object.fromEntries(given) as Record<I, tf.Tensor>))) {
          made[key] = { shape: tensor.shape, data: tensor.dataSync<"float32" | "int32" | "bool">() }
        }
      }),
    )
  } catch (cause) {
    throw new TensorError({
      reason: cause instanceof Refusal ? cause.reason : "Runtime",
      message: `in ${name}, run by ${backend}: ${String(cause)}`,
    })
  }
  return made as Record<O, Tensor>
}
