// Follows each curve from level to level.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { interpolate } from "./interpolate.ts"
import type { LevelTimesParams } from "./level-times.ts"
import { groups } from "./scaling.ts"

export const run = ({
  params: { x, y, by, levels },
  inputs: { table },
}: Given<LevelTimesParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> =>
  Effect.sync(() => {
    const rows = groups(table, x, y, by, { from: -Infinity, to: Infinity }).flatMap((curve) => {
      let before = curve.x[0]!
      return levels.flatMap((level) => {
        const at = reachedAt(curve, level)
        if (at === undefined) return []
        const span = at - before
        before = at
        return [{ of: curve.of, level, at, span }]
      })
    })
    return {
      table: {
        ...Object.fromEntries(by.map((name) => [name, rows.map(({ of }) => of[name]!)])),
        level: rows.map(({ level }) => level),
        at: rows.map(({ at }) => at),
        span: rows.map(({ span }) => span),
      },
    }
  })

const reachedAt = (
  { x, y }: { readonly x: ReadonlyArray<number>; readonly y: ReadonlyArray<number> },
  level: number,
): number | undefined => {
  const first = y.findIndex((value) => value <= level)
  // On a logarithmic axis there is no line to a value of zero.
  if (first <= 0 || y[first]! <= 0) return x[first]
  return interpolate([y[first - 1]!, x[first - 1]!], [y[first]!, x[first]!], level, { x: "log", y: "linear" })
}
