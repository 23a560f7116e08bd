// The smallest gain of several ensembles, and how it varies with the test points. Knows nothing about the nets.
import { Schema } from "effect"
import { many, stage, Table, Tensors } from "../../pipeline/stage.ts"

export const LeastGainParams = Schema.Struct({
  /** The number of samples of the test points. */
  samples: Schema.Int.check(Schema.isGreaterThan(1)),
})
export type LeastGainParams = typeof LeastGainParams.Type

/**
 * Inputs: for each ensemble its `gain` (m) on the same test points. Output `table`: sample, least (the smallest mean
 * gain of an ensemble). Sample 0 has the test points themselves; every other sample draws m of them with replacement,
 * the same for all ensembles (the paired bootstrap).
 */
export const leastGain = stage(import.meta, "leastGain", {
  params: LeastGainParams,
  inputs: { gains: many(Tensors) },
  outputs: { table: Table },
  random: true,
  run: () => import("./least-gain.run.ts"),
})
