// Draws the initial weights of a net from the distributions that the net declares. Knows nothing about training.
import { Schema } from "effect"
import { stage, Tensors } from "../../pipeline/stage.ts"
import { Architecture } from "./architecture.ts"

export const InitParams = Schema.Struct({ model: Architecture })
export type InitParams = typeof InitParams.Type

/**
 * Output `weights`: the arrays of the net by name, float64. The numbers of an array depend on the seed and the name of
 * the array.
 */
export const init = stage(import.meta, "init", {
  params: InitParams,
  inputs: {},
  outputs: { weights: Tensors },
  random: true,
  run: () => import("./init.run.ts"),
})
