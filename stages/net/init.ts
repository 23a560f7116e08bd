// The initial weights of a net, drawn as the net says.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"
import { Architecture } from "./architecture.ts"

export const InitParams = Schema.Struct({ model: Architecture })
export type InitParams = typeof InitParams.Type

/** Output `weights`: the arrays of the net by name, float64; each array's numbers depend on the seed and its name. */
export const init = stage(import.meta, "init", {
  params: InitParams,
  inputs: {},
  outputs: { weights: Tensors },
  random: true,
  run: () => import("./init.run.ts"),
})
