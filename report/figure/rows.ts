// The numbers of a figure: the rows that it draws, and the means over replicas.
// Knows nothing about drawn axes, colours and marks.
import { significant } from "../number.ts"

export type Value = number | string | boolean
/** A table: named columns of equal length. */
export interface Columns {
  readonly [column: string]: ReadonlyArray<Value>
}
/** One drawn row. `null` stands for a value that cannot be drawn. */
export type Row = Readonly<Record<string, Value | null>>

/** The columns that are numbers on an axis. The scale says how a column is averaged and drawn. */
export type Measures = ReadonlyMap<string, "log" | "linear">

/**
 * The named columns as rows. A number becomes `null` if it is not finite or if its axis cannot show it. Throws if the
 * table does not have a column.
 */
export const rowsOf = (data: Columns, fields: Iterable<string>, measures: Measures): ReadonlyArray<Row> => {
  const names = [...new Set(fields)]
  const known = Object.keys(data).length > 0 // a table without columns has no rows, so no name can be missing
  for (const name of names) {
    if (known && data[name] === undefined)
      throw new Error(`the figure asks for column "${name}"; the table has ${Object.keys(data).join(", ")}`)
  }
  const value = (name: string, index: number): Value | null => {
    const given = data[name]![index] ?? null
    const scale = measures.get(name)
    if (typeof given !== "number") return scale === undefined ? given : null
    return Number.isFinite(given) && (scale !== "log" || given > 0) ? given : null
  }
  return Array.from({ length: data[names[0]!]?.length ?? 0 }, (_, index) =>
    Object.fromEntries(names.map((name) => [name, value(name, index)])),
  )
}

/** The rows as columns. A missing value becomes an empty text. */
export const columnsOf = (rows: ReadonlyArray<Row>): Columns =>
  Object.fromEntries([...new Set(rows.flatMap(Object.keys))].map((name) => [name, rows.map((row) => row[name] ?? "")]))

/** The names of the columns of a mean row with the smallest and the largest replica of `measure`. */
export const spreadOf = (measure: string): { readonly low: string; readonly high: string } => ({
  low: `${measure} low`,
  high: `${measure} high`,
})

/** The column with the name of the node that made a row. */
export const NODE = { field: "node", title: "node" } as const

/**
 * One row for each combination of values in `by`: the mean of each measure (geometric on a log axis), its smallest and
 * largest value, and the number of `replicas`. A row made of a single replica also has its node.
 */
export const meansOf = (
  rows: ReadonlyArray<Row>,
  by: ReadonlyArray<string>,
  measures: Measures,
): ReadonlyArray<Row> => {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(by.map((name) => row[name])))
  return [...groups.values()].map((group) => {
    const row: Record<string, Value | null> = Object.fromEntries(by.map((name) => [name, group[0]![name] ?? null]))
    for (const [name, scale] of measures) {
      const values = group.map((replica) => replica[name]).filter((value) => typeof value === "number")
      const { low, high } = spreadOf(name)
      row[name] = values.length === 0 ? null : average(values, scale)
      row[low] = values.length === 0 ? null : Math.min(...values)
      row[high] = values.length === 0 ? null : Math.max(...values)
    }
    row["replicas"] = group.length
    const node = group[0]![NODE.field]
    if (group.length === 1 && node !== undefined) row[NODE.field] = node
    return row
  })
}

const average = (values: ReadonlyArray<number>, scale: "log" | "linear"): number =>
  scale === "log" ? Math.exp(mean(values.map(Math.log))) : mean(values)

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((total, value) => total + value, 0) / values.length

/** The rows with five significant digits. A reader can see no more digits, and the rows take a third of the bytes. */
export const rounded = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? significant(value) : value]),
    ),
  )
