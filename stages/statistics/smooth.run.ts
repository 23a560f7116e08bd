// Averages each curve over its rows, interpolates it at even places over log x, and applies a Gaussian window.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { averaged, columnsOf } from "./scaling.ts"
import type { SmoothParams } from "./smooth.ts"

export const run = ({
  params: { x, y, by, places, sigma },
  inputs,
}: Given<SmoothParams, { readonly table: Table }>): Effect.Effect<{ table: Table }, StageError> => {
  const curves = averaged(inputs.table, x, y, by)
    .filter((curve) => curve.x.length > 1)
    .map((curve) => {
      const logs = curve.x.map(Math.log)
      const step = (logs.at(-1)! - logs[0]!) / (places - 1)
      const at = Array.from({ length: places }, (_, i) => logs[0]! + i * step)
      return {
        of: curve.of,
        x: at.map(Math.exp),
        y: windowed(
          at.map((place) => onLines(logs, curve.y, place)),
          sigma,
        ),
      }
    })
  return Effect.succeed({ table: columnsOf(curves, x, y, by) })
}

/** y at a place, on the straight lines between the points. */
const onLines = (x: ReadonlyArray<number>, y: ReadonlyArray<number>, place: number): number => {
  const next = Math.max(
    1,
    x.findIndex((each) => each >= place - 1e-12),
  )
  const part = (place - x[next - 1]!) / (x[next]! - x[next - 1]!)
  return y[next - 1]! + part * (y[next]! - y[next - 1]!)
}

const windowed = (values: ReadonlyArray<number>, sigma: number): ReadonlyArray<number> => {
  const reach = Math.floor(4 * sigma + 0.5)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-(((i - reach) / sigma) ** 2) / 2))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return values.map(
    (_, i) =>
      weights.reduce((sum, weight, j) => sum + weight * values[mirrored(i + j - reach, values.length)]!, 0) / all,
  )
}

/** The index of the value that stands in for a place beyond the ends: c b a | a b c | c b a. */
const mirrored = (i: number, length: number): number => {
  const folded = ((i % (2 * length)) + 2 * length) % (2 * length)
  return folded < length ? folded : 2 * length - 1 - folded
}
