import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import type { RescaleParams } from "./rescale.ts"
import { fitted, groups, mean } from "./scaling.ts"

export const run = ({ params: { x, y, by }, inputs }: Given<RescaleParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> => {
  const rows = "converged" in inputs.table ? fitted(inputs.table) : inputs.table
  const points = groups(rows, x, y, by, { from: -Infinity, to: Infinity }).flatMap((curve) => {
    const at = [...Map.groupBy(curve.x.keys(), (i) => curve.x[i]!)].map(([place, members]) => ({ place, value: mean(members.map((i) => curve.y[i]!)) }))
    const values = at.map(({ value }) => value)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return at.map(({ place, value }) => ({ of: curve.of, place, value, rescaled: (value - low) / (high - low) }))
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
