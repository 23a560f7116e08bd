// Is a claim of the paper borne out by a number of ours? A check is data: which cell of which table, and
// what is expected of it. Judging is pure; fetching the tables is the caller's.
import type { Output } from "./node.ts"
import type { Table } from "./stage.ts"

/** One cell: the value in `column` of the only row in which every `where` column has its value. */
export interface Cell {
  readonly output: Output<Table>
  readonly where: { readonly [column: string]: string | number }
  readonly column: string
}
export const cell = (output: Output<Table>, where: Cell["where"], column: string): Cell => ({ output, where, column })

/** What a value must be. Not a number never is. */
export interface Expectation {
  readonly holds: (value: number) => boolean
  /** As people write it: "-1.00 ± 0.08". */
  readonly text: string
}
const digits = (x: number): string => String(Number(x.toPrecision(4)))
export const within = (center: number, tolerance: number): Expectation => ({
  holds: (value) => Math.abs(value - center) <= tolerance,
  text: `${digits(center)} ± ${digits(tolerance)}`,
})
export const atMost = (high: number): Expectation => ({ holds: (value) => value <= high, text: `at most ${digits(high)}` })
export const atLeast = (low: number): Expectation => ({ holds: (value) => value >= low, text: `at least ${digits(low)}` })
export const above = (low: number): Expectation => ({ holds: (value) => value > low, text: `above ${digits(low)}` })

type Verdict = "reproduced" | "not reproduced" | "not tested"

export interface Check {
  /** Short and stable: names the check in events, on the page and on the command line. */
  readonly id: string
  /** The claim, in our own words. */
  readonly claim: string
  /** Figure, table or section of the paper. */
  readonly source: string
  /** The published number, as text. */
  readonly published?: string
  readonly value: Cell
  /** The column of the same row that holds the half-width of the value's interval. */
  readonly spread?: string
  readonly expect: Expectation
  /** A known disagreement: the run fails only where the verdict is not the declared one. */
  readonly declared?: { readonly verdict: Verdict; readonly reason: string }
  /** Scales at which the check can be judged; all where absent. */
  readonly scales?: ReadonlyArray<string>
}
export const check = (check: Check): Check => check

export interface Judged {
  readonly check: Check
  readonly measured: number | null
  readonly spread: number | null
  readonly verdict: Verdict
  readonly asDeclared: boolean
  /** Why there is no number, where there is none. */
  readonly note?: string
}

/** What is said of a check whose table this run was not asked for. */
export const leftOut = (check: Check): Judged => ({ check, measured: null, spread: null, verdict: "not tested", asDeclared: true, note: "Its table is left out of this run." })

/** Judges one check against its table; no table where the node that makes it failed. */
export const judge = (check: Check, table: Table | undefined, scale: string): Judged => {
  const end = (verdict: Verdict, measured: number | null, spread: number | null, note?: string): Judged => ({
    check,
    measured,
    spread,
    verdict,
    asDeclared: note === undefined && verdict === (check.declared?.verdict ?? "reproduced"),
    ...(note === undefined ? {} : { note }),
  })
  if (check.scales !== undefined && !check.scales.includes(scale)) {
    return { ...end("not tested", null, null), asDeclared: true, note: `Not tested at the scale ${scale}.` }
  }
  if (table === undefined) return end("not tested", null, null, "Its table was not made.")
  const rows = rowsWhere(table, check.value.where)
  const measured = table[check.value.column]?.[rows[0] ?? -1]
  if (rows.length !== 1 || typeof measured !== "number") {
    return end("not tested", null, null, `Its table has ${rows.length} rows where ${JSON.stringify(check.value.where)} (${check.value.column}); one number was expected.`)
  }
  if (Number.isNaN(measured)) return end("not tested", null, null, "These runs give no number for it.")
  const spread = check.spread === undefined ? undefined : table[check.spread]?.[rows[0]!]
  return end(check.expect.holds(measured) ? "reproduced" : "not reproduced", measured, typeof spread === "number" ? spread : null)
}

const rowsWhere = (table: Table, where: Cell["where"]): ReadonlyArray<number> => {
  const length = Object.values(table)[0]?.length ?? 0
  const fits = (row: number): boolean => Object.entries(where).every(([column, value]) => table[column]?.[row] === value)
  return Array.from({ length }, (_, row) => row).filter(fits)
}
