// Rescales each curve so that its smallest y is 0 and its largest y is 1.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import type { RescaleParams } from "./rescale.ts"
import { averaged, columnsOf } from "./scaling.ts"

export const run = ({
  params: { x, y, by },
  inputs,
}: Given<RescaleParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> => {
  const curves = averaged(inputs.table, x, y, by)
  return Effect.succeed({
    table: { ...columnsOf(curves, x, y, by), rescaled: curves.flatMap((curve) => between(curve.y)) },
  })
}

/** Values rescaled to lie between 0 and 1. */
const between = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return values.map((value) => (value - low) / (high - low))
}
