// How do two tables differ? Pure: pairs rows by their labels, then compares column by column. Knows nothing about where
// the tables come from.
import type { Table } from "../stage.ts"

type Value = Table[string][number]

/** What identifies a row: its labels, and its number (from 1) if the labels are not enough. */
export type Address = { readonly [label: string]: Value }

/** A column whose values differ between the two tables. */
export interface ColumnChange {
  readonly name: string
  /** The number of paired rows in which the column differs. */
  readonly rows: number
  /**
   * The row with the largest change. `relative` is the change divided by the larger absolute value; null if a value is
   * not a number.
   */
  readonly most: {
    readonly at: Address
    readonly before: Value
    readonly after: Value
    readonly relative: number | null
  }
}

/** What only one of the tables has. */
interface Alone {
  readonly columns: ReadonlyArray<string>
  readonly rows: number
  /** The first of these rows. */
  readonly first: ReadonlyArray<Address>
}

export interface TableChange {
  /** The number of rows that are in both tables. */
  readonly paired: number
  readonly columns: ReadonlyArray<ColumnChange>
  readonly before: Alone
  readonly after: Alone
}

/** At most so many rows of one table only are named. */
const named = 5

/** What changed from one table to another. */
export const compareTables = (before: Table, after: Table): TableChange => {
  const labels = labelsOf(before, after)
  const [old, now] = [rowsBy(before, labels), rowsBy(after, labels)]
  const pairs = Array.from(old).flatMap(([address, row]): ReadonlyArray<Pair> =>
    now.has(address) ? [[row, now.get(address)!]] : [],
  )
  const numbered = [before, after].some((table) => heightOf(table) > 1 && countOf(table, labels) < heightOf(table))
  const addressOf = (table: Table, row: number): Address => ({
    ...(numbered ? { row: row + 1 } : {}),
    ...Object.fromEntries(labels.map((name) => [name, table[name]![row]!])),
  })
  const alone = (table: Table, rows: Rows, other: Table, others: Rows): Alone => {
    const left = Array.from(rows).flatMap(([address, row]) => (others.has(address) ? [] : [row]))
    return {
      columns: Object.keys(table).filter((name) => !(name in other)),
      rows: left.length,
      first: left.slice(0, named).map((row) => addressOf(table, row)),
    }
  }
  const columns = sharedBy(before, after).flatMap((name): ReadonlyArray<ColumnChange> => {
    const change = changeIn(before[name]!, after[name]!, pairs)
    if (change === undefined) return []
    const [was, is] = [before[name]![change.most[0]]!, after[name]![change.most[1]]!]
    return [
      {
        name,
        rows: change.rows,
        most: { at: addressOf(after, change.most[1]), before: was, after: is, relative: relative(was, is) },
      },
    ]
  })
  return {
    paired: pairs.length,
    columns,
    before: alone(before, old, after, now),
    after: alone(after, now, before, old),
  }
}

/** A pair of row numbers, one per table. */
type Pair = readonly [from: number, to: number]

const sharedBy = (before: Table, after: Table): ReadonlyArray<string> =>
  Object.keys(before).filter((name) => name in after)

const heightOf = (table: Table): number => Object.values(table)[0]?.length ?? 0

/**
 * The labels: each shared column, from left to right, that distinguishes more rows and has the same set of values in
 * both tables (or whose values in one table are all among the values in the other). Such columns describe what was
 * asked, not what came out: a result that changed has other values.
 */
const labelsOf = (before: Table, after: Table): ReadonlyArray<string> => {
  const labels: Array<string> = []
  let told = countOf(before, labels) + countOf(after, labels)
  for (const name of sharedBy(before, after)) {
    if (!isAmong(before[name]!, after[name]!) && !isAmong(after[name]!, before[name]!)) continue
    const more = countOf(before, [...labels, name]) + countOf(after, [...labels, name])
    if (more > told) labels.push(name)
    told = more
  }
  return labels
}

const isAmong = (some: Table[string], others: Table[string]): boolean => {
  const known = new Set(others)
  return some.every((value) => known.has(value))
}

const textAt = (table: Table, labels: ReadonlyArray<string>, row: number): string =>
  JSON.stringify(labels.map((name) => String(table[name]![row])))

/** The number of rows that the labels can distinguish. */
const countOf = (table: Table, labels: ReadonlyArray<string>): number =>
  new Set(Array.from({ length: heightOf(table) }, (_, row) => textAt(table, labels, row))).size

type Rows = ReadonlyMap<string, number>

/** Every row by its labels. Rows with equal labels are numbered in order. */
const rowsBy = (table: Table, labels: ReadonlyArray<string>): Rows => {
  const seen = new Map<string, number>()
  return new Map(
    Array.from({ length: heightOf(table) }, (_, row) => {
      const text = textAt(table, labels, row)
      const before = seen.get(text) ?? 0
      seen.set(text, before + 1)
      return [`${text} ${before}`, row] as const
    }),
  )
}

/** The number of changed rows of a column and the largest change; undefined if nothing changed. */
const changeIn = (
  old: Table[string],
  now: Table[string],
  pairs: ReadonlyArray<Pair>,
): { readonly rows: number; readonly most: Pair } | undefined => {
  const changed = pairs.filter(
    ([from, to]) => old[from] !== now[to] && !(Number.isNaN(old[from]) && Number.isNaN(now[to])),
  )
  // A value that is not a number, or is no longer a number, counts as the largest change.
  const sizes = changed.map(([from, to]) => relative(old[from]!, now[to]!) ?? Infinity)
  const most = changed[sizes.indexOf(sizes.reduce((largest, size) => Math.max(largest, size), 0))]
  return most && { rows: changed.length, most }
}

const relative = (before: Value, after: Value): number | null =>
  Number.isFinite(before) && Number.isFinite(after)
    ? Math.abs(Number(after) - Number(before)) / Math.max(Math.abs(Number(before)), Math.abs(Number(after)))
    : null
