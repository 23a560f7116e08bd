// Marked rows, such as runs that did not converge. A marked row is drawn as a cross and counted. It is in no mean
// unless the options say so.
// Knows nothing about the reason for the mark.
import { fieldName } from "./axis.ts"
import type { Columns, Row, Value } from "./rows.ts"

export interface Marked {
  readonly field: string
  /** The value of `field` in marked rows. */
  readonly equal: Value
  /** The text of the legend, for example "not fitted". */
  readonly label: string
  /** True if the means include the marked rows. The default is false. */
  readonly averaged?: boolean
}

/** `marked` if the table contains a marked row, otherwise undefined. Throws if the table lacks the column. */
export const markedIn = (marked: Marked | undefined, data: Columns): Marked | undefined => {
  if (marked === undefined) return undefined
  const column = data[marked.field]
  if (column === undefined) throw new Error(`the table has no column ${marked.field}, by which rows are marked`)
  return column.includes(marked.equal) ? marked : undefined
}

/** Whether a row is marked. */
export const isMarked = ({ field, equal }: Marked, row: Row): boolean => row[field] === equal

/** A filter that keeps the marked rows (`wanted` is true) or the other rows. */
export const only = ({ field, equal }: Marked, wanted: boolean) => {
  const test = { field: fieldName(field), equal }
  return { filter: wanted ? test : { not: test } }
}

/** The mark of a marked row. */
export const cross = {
  type: "point",
  shape: "M-1,-1L1,1M-1,1L1,-1",
  filled: false,
  strokeWidth: 1.6,
  size: 30,
  clip: true,
} as const

/** The legend of the marked rows: `× 3 of 48 not fitted (1 off the axes), in no mean`. */
export const legendOf = (
  { label, averaged = false }: Marked,
  {
    count,
    of,
    hidden,
    means,
  }: { readonly count: number; readonly of: number; readonly hidden: number; readonly means: boolean },
): string =>
  `× ${count} of ${of} ${label}${hidden > 0 ? ` (${hidden} off the axes)` : ""}` +
  `${means ? `, ${averaged ? "in the means" : "in no mean"}` : ""}`
