// Nets that differ only in their draw, taken together.
import { Schema } from "effect"
import { many, stage, Table, Tensors } from "../../pipeline/stage.ts"

/**
 * Inputs: the `outputs` of the replicas, F (m) each; the test points with their labels y (m).
 * Output `summary`, one row: replicas, meanError (of single nets), ensembleError (of their mean output),
 * variance (over replicas, unbiased, averaged over test points; 0 for one replica); `errors`, the two errors as
 * rows: learner, testError. `summaryWithout` and `errorsWithout`: the same of all replicas but one, each left out in
 * turn, its place in the column `without`; no rows for one replica.
 * Source: Geiger et al. 2019, section 4, eq. 7.
 */
export const ensemble = stage(import.meta, "ensemble", {
  params: Schema.Struct({}),
  inputs: { replicas: many(Tensors), test: Tensors },
  outputs: { summary: Table, errors: Table, summaryWithout: Table, errorsWithout: Table },
  run: () => import("./ensemble.run.ts"),
})
