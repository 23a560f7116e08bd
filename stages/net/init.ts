// The initial weights of a fully connected net: standard normal, biases zero.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"

export const InitParams = Schema.Struct({
  /** Inputs d, hidden layers L, width h. */
  inputs: Schema.Int,
  depth: Schema.Int,
  width: Schema.Int,
})
export type InitParams = typeof InitParams.Type

/** Output `weights`: W0 (d, h), W1 … W[L-1] (h, h), W[L] (h, 1), B0 … B[L-1] (h), B[L] (1); float64. */
export const init = stage(import.meta, "init", {
  params: InitParams,
  inputs: {},
  outputs: { weights: Tensors },
  random: true,
  run: () => import("./init.run.ts"),
})
