// How do two tables share one figure: the first solid and filled, the second dashed and open. Colours and shapes stay
// those of the series. Refuses to know what the two are.
import type { Series } from "./series.ts"

/** The column that tells two tables apart, and its values for the first and the second. */
export interface Pair extends Series {
  readonly names: readonly [string, string]
}

/** One of the two, as marks show it. */
export interface Side {
  readonly filter: { readonly field: string; readonly equal: string }
  readonly point: object
  readonly line: object
  readonly cross: object
}

/** Both sides of a pair. */
export const sidesOf = ({ field, names: [first, second] }: Pair): readonly [Side, Side] => [
  { filter: { field, equal: first }, point: {}, line: {}, cross: {} },
  {
    filter: { field, equal: second },
    point: { filled: false, strokeWidth: 1.4 },
    line: { strokeDash: [6, 4] },
    cross: { strokeDash: [2, 1.5] },
  },
]

/** What a reader is told of the two: `● ── before   ○ ╌╌ after`. */
export const legendOf = ({ names: [first, second] }: Pair, marks: "points" | "lines" | "both"): string => {
  const sign = (point: string, line: string): string =>
    [...(marks === "lines" ? [] : [point]), ...(marks === "points" ? [] : [line])].join(" ")
  return `${sign("●", "──")} ${first}\u2003${sign("○", "╌╌")} ${second}`
}
