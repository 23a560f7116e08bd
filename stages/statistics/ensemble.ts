// Treats nets that differ only in their random draw as one ensemble. Knows nothing about how the nets were trained.
import { Schema } from "effect"
import { many, stage, Table, Tensors } from "../../pipeline/stage.ts"

/**
 * Inputs: the `outputs` of the replicas, F (m) each; the test points with their labels y (m).
 * Output `summary`, one row: replicas, meanError (of single nets), ensembleError (of the mean output of the nets),
 * variance (over replicas, unbiased, averaged over test points; 0 for one replica); `errors`, the two errors as rows:
 * learner, testError. `summaryWithout` and `errorsWithout` are the same tables for all replicas but one. Each replica
 * is left out in turn; the column `without` holds its place. They have no rows for one replica. `gain` (m): for each
 * test point, the fraction of single nets that are wrong minus 1 if the mean output is wrong.
 * Source: Geiger et al. 2019, section 4, eq. 7.
 */
export const ensemble = stage(import.meta, "ensemble", {
  params: Schema.Struct({}),
  inputs: { replicas: many(Tensors), test: Tensors },
  outputs: { summary: Table, errors: Table, summaryWithout: Table, errorsWithout: Table, gain: Tensors },
  run: () => import("./ensemble.run.ts"),
})
