// Rows that are not like the others, such as runs that did not come to their end: signed with a cross, counted, and in
// no mean unless that is asked for. Refuses to know what is the matter with them.
import { fieldName } from "./axis.ts"
import type { Columns, Row, Value } from "./rows.ts"

export interface Marked {
  readonly field: string
  /** The value of those that are marked. */
  readonly equal: Value
  /** "not fitted" */
  readonly label: string
  /** Whether they count in means all the same. */
  readonly averaged?: boolean
}

/** Where there is something to mark. */
export const markedIn = (marked: Marked | undefined, data: Columns): Marked | undefined =>
  marked !== undefined && data[marked.field]?.includes(marked.equal) === true ? marked : undefined

/** Whether a row is marked. */
export const isMarked = ({ field, equal }: Marked, row: Row): boolean => row[field] === equal

/** Takes the marked rows of a layer, or the others. */
export const only = ({ field, equal }: Marked, wanted: boolean) => {
  const test = { field: fieldName(field), equal }
  return { filter: wanted ? test : { not: test } }
}

/** What a marked row is drawn as. */
export const cross = {
  type: "point",
  shape: "M-1,-1L1,1M-1,1L1,-1",
  filled: false,
  strokeWidth: 1.6,
  size: 30,
  clip: true,
} as const

/** What a reader is told: `× 3 of 48 not fitted (1 off the axes), in no mean`. */
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
