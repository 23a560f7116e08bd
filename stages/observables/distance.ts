// How far are the kernels of some nets from one kernel, singly and in the mean?
import { Schema } from "effect"
import { many, stage, Table, Tensors } from "../../pipeline/stage.ts"

/**
 * Inputs: `kernels`, K of each net; `reference`, K. Output `distances`, a row for each net and one for their mean:
 * of ("net", "mean"), replica (-1 for the mean), distance |K - reference| / |reference| (Frobenius).
 */
export const distance = stage(import.meta, "distance", {
  params: Schema.Struct({}),
  inputs: { kernels: many(Tensors), reference: Tensors },
  outputs: { distances: Table },
  run: () => import("./distance.run.ts"),
})
