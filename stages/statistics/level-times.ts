// When does a falling curve reach each of some levels? Knows nothing about the columns.
import { Schema } from "effect"
import { stage, Table } from "../../pipeline/stage.ts"

export const LevelTimesParams = Schema.Struct({
  x: Schema.String,
  y: Schema.String,
  /** One curve for each combination of these columns. */
  by: Schema.Array(Schema.String),
  /** From the highest level to the lowest. */
  levels: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))).check(
    Schema.isMinLength(1),
    Schema.makeFilter(
      (levels) =>
        levels.every((level, i) => i === 0 || level < levels[i - 1]!) || "levels must fall, each below the last",
    ),
  ),
})
export type LevelTimesParams = typeof LevelTimesParams.Type

/**
 * Output `table`, a row for each curve and each level that it reaches: the columns `by`; level; `at`, the x where y
 * first falls to the level, on a straight line between points of log y over x; `span`, the x since the level before,
 * for the first level since the first point of the curve.
 */
export const levelTimes = stage(import.meta, "levelTimes", {
  params: LevelTimesParams,
  inputs: { table: Table },
  outputs: { table: Table },
  run: () => import("./level-times.run.ts"),
})
