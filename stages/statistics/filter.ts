// Selects and counts the rows of a table. Apart from scaling.ts, since a stage that only counts rows must not load
// arquero. Knows nothing about the meaning of columns.
import { StageError, type Table } from "../../pipeline/stage.ts"
import type { Where } from "./quantity.ts"

/** The number of rows of a table. */
export const lengthOf = (table: Table): number => Object.values(table)[0]?.length ?? 0

/**
 * The rows that have these values. For a column with a list, a row may have any value of the list. Throws a StageError
 * if a column is not in the table: no row would fit, and a count of none would read as a result.
 */
export const rowsWhere = (table: Table, where: Where): Table => {
  const absent = Object.keys(where).find((column) => lengthOf(table) > 0 && !Object.hasOwn(table, column))
  if (absent !== undefined)
    throw new StageError({
      reason: "InvalidInput",
      message: `rows are selected by the column ${absent}, but the table has only ${Object.keys(table).join(", ")}`,
    })
  const fits = (row: number): boolean =>
    Object.entries(where).every(([column, value]) => [value].flat().includes(table[column]?.[row] as never))
  const kept = Array.from({ length: lengthOf(table) }, (_, row) => row).filter(fits)
  return Object.fromEntries(Object.entries(table).map(([column, values]) => [column, kept.map((row) => values[row]!)]))
}

/**
 * The same as `rowsWhere`. If the table has a column `converged`, only runs that converged are kept, unless `where`
 * names `converged`.
 */
export const runsWhere = (table: Table, where: Where): Table =>
  rowsWhere(table, { ...("converged" in table ? { converged: true } : {}), ...where })
