// Follows each curve from level to level.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import type { LevelTimesParams } from "./level-times.ts"
import { lengthOf } from "./filter.ts"

interface Point {
  readonly x: number
  readonly y: number
}

export const run = ({
  params: { x, y, by, levels },
  inputs: { table },
}: Given<LevelTimesParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> =>
  Effect.sync(() => {
    const rows = Array.from({ length: lengthOf(table) }, (_, row) => row)
    const curves = Map.groupBy(rows, (row) => JSON.stringify(by.map((name) => table[name]![row])))
    const made = [...curves.values()].flatMap((own) => {
      const curve = own.map((row): Point => ({ x: Number(table[x]![row]), y: Number(table[y]![row]) }))
      curve.sort((a, b) => a.x - b.x)
      const labels = Object.fromEntries(by.map((name) => [name, table[name]![own[0]!]!]))
      let before = curve[0]!.x
      return levels.flatMap((level) => {
        const at = reachedAt(curve, level)
        if (at === undefined) return []
        const span = at - before
        before = at
        return [{ ...labels, level, at, span }]
      })
    })
    const columns = [...by, "level", "at", "span"]
    return {
      table: Object.fromEntries(
        columns.map((name) => [name, made.map((row) => (row as Record<string, number | string | boolean>)[name]!)]),
      ),
    }
  })

const reachedAt = (curve: ReadonlyArray<Point>, level: number): number | undefined => {
  const first = curve.findIndex((point) => point.y <= level)
  if (first <= 0) return first === 0 ? curve[0]!.x : undefined
  const [above, below] = [curve[first - 1]!, curve[first]!]
  if (below.y <= 0) return below.x
  const share = Math.log(above.y / level) / Math.log(above.y / below.y)
  return above.x + share * (below.x - above.x)
}
