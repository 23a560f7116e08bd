// How far are the kernels of some nets, and their mean, from one reference kernel? Knows nothing about how the kernels
// were computed.
import { Schema } from "effect"
import { many, stage, Table, Tensors } from "../../pipeline/stage.ts"

/**
 * Inputs: `kernels`, K of each net; `reference`, K. Output `distances`, a row for each net and one row for their mean:
 * of ("net", "mean"), replica (-1 for the mean), distance |K - reference| / |reference| (Frobenius).
 */
export const distance = stage(import.meta, "distance", {
  params: Schema.Struct({}),
  inputs: { kernels: many(Tensors), reference: Tensors },
  outputs: { distances: Table },
  run: () => import("./distance.run.ts"),
})
