// Draws two tables in one figure: the first is solid and filled, the second is dashed and open. The series keep their
// colours and shapes.
// Knows nothing about the meaning of the two tables.
import type { Series } from "./series.ts"

/** The column that tells the two tables apart, and its values for the first and the second table. */
export interface Pair extends Series {
  readonly names: readonly [string, string]
}

/** One table of the pair: the filter of its rows, and the style of its marks. */
export interface Side {
  readonly filter: { readonly field: string; readonly equal: string }
  readonly point: object
  readonly line: object
  readonly cross: object
}

/** The first and the second side of a pair. */
export const sidesOf = ({ field, names: [first, second] }: Pair): readonly [Side, Side] => [
  { filter: { field, equal: first }, point: {}, line: {}, cross: {} },
  {
    filter: { field, equal: second },
    point: { filled: false, strokeWidth: 1.4 },
    line: { strokeDash: [6, 4] },
    cross: { strokeDash: [2, 1.5] },
  },
]

/** The legend of a pair: `● ── before ○ ╌╌ after`. */
export const legendOf = ({ names: [first, second] }: Pair, marks: "points" | "lines" | "both"): string => {
  const sign = (point: string, line: string): string =>
    [...(marks === "lines" ? [] : [point]), ...(marks === "points" ? [] : [line])].join(" ")
  return `${sign("●", "──")} ${first}\u2003${sign("○", "╌╌")} ${second}`
}
