// Draws a net, trains it with an optimiser and measures how far its weights have moved, in one stage that keeps no
// weights: a grid of a thousand nets leaves a thousand small tables. Knows nothing about the grid.
import { many, stage, Table, Tensors } from "../../../pipeline/stage.ts"
import { backendPackages } from "../../compute.ts"
import { DescendParams } from "./descend-params.ts"

/**
 * Trains as `init` and `descend` do together; the seed draws the weights and orders the points.
 * Output `arrays`, a row for each array: array; size, its numbers; start, its Frobenius norm before training; moved,
 * the Frobenius norm of its change; meanMoved, the mean absolute change of its numbers. Outputs `curve` and `end` as
 * `descend`. Output `scores`, a row for each of `tests`: test, its place, from 0; loss, of the trained net; error, the
 * fraction of its points that the trained net classifies wrongly. Fails with Diverged if the loss is not a finite
 * number, and with InvalidInput if there are tests and the method is not `uncentred`.
 * Source: Kearns, Munyuza and Brosh 2023, both of whose metrics are made from such rows.
 */
export const movement = stage(import.meta, "movement", {
  params: DescendParams,
  inputs: { data: Tensors, tests: many(Tensors) },
  outputs: { arrays: Table, curve: Table, end: Table, scores: Table },
  random: true,
  optionalPackages: backendPackages,
  run: () => import("./movement.run.ts"),
})
