import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import type { RescaleParams } from "./rescale.ts"
import { averaged } from "./scaling.ts"

export const run = ({ params: { x, y, by }, inputs }: Given<RescaleParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> => {
  const points = averaged(inputs.table, x, y, by).flatMap((curve) => {
    const [low, high] = [Math.min(...curve.y), Math.max(...curve.y)]
    return curve.x.map((place, i) => ({ of: curve.of, place, value: curve.y[i]!, rescaled: (curve.y[i]! - low) / (high - low) }))
  })
  return Effect.succeed({
    table: {
      ...Object.fromEntries(by.map((column) => [column, points.map(({ of }) => of[column]!)])),
      [x]: points.map(({ place }) => place),
      [y]: points.map(({ value }) => value),
      rescaled: points.map(({ rescaled }) => rescaled),
    },
  })
}
