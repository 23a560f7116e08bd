// Which rows a table has. Apart from scaling.ts, since a stage that only counts them must not load arquero.
import type { Table } from "../../pipeline/stage.ts"
import type { Where } from "./quantity.ts"

/** How many rows a table has. */
export const lengthOf = (table: Table): number => Object.values(table)[0]?.length ?? 0

/** The rows with these values; of a column with a list, with any of its own. */
export const rowsWhere = (table: Table, where: Where): Table => {
  const fits = (row: number): boolean =>
    Object.entries(where).every(([column, value]) => [value].flat().includes(table[column]?.[row] as never))
  const kept = Array.from({ length: lengthOf(table) }, (_, row) => row).filter(fits)
  return Object.fromEntries(Object.entries(table).map(([column, values]) => [column, kept.map((row) => values[row]!)]))
}

/** Such rows, and where a table tells of runs only those that converged, unless it is said otherwise. */
export const runsWhere = (table: Table, where: Where): Table =>
  rowsWhere(table, { ...("converged" in table ? { converged: true } : {}), ...where })
