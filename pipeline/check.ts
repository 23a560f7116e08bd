// Judges a claim of the paper by one of our numbers. A check is data: a cell of a table, and the value expected there.
// Judging is pure; the caller fetches the tables. Knows nothing about the store, or of how the tables are made.
import type { Expectation } from "./check/expectation.ts"
import { reasonOpen, verdictOn, type Rival, type Verdict } from "./check/verdict.ts"
import type { Output } from "./node.ts"
import type { Table } from "./stage.ts"

/** One cell: the value in `column` of the only row in which every `where` column has its value. */
export interface Cell {
  readonly output: Output<Table>
  readonly where: { readonly [column: string]: string | number }
  readonly column: string
}
export const cell = (output: Output<Table>, where: Cell["where"], column: string): Cell => ({ output, where, column })

export { above, atLeast, atMost, below, between, within, type Expectation } from "./check/expectation.ts"
export { verdicts, type Verdict } from "./check/verdict.ts"

/**
 * `claim`: a statement of the document. `prediction`: a number that its theory predicts. `own`: a check of our own,
 * such as an identity, a convergence count or the bound of a step. Only the first two count as claims of the document.
 */
export const kinds = ["claim", "prediction", "own"] as const
export type Kind = (typeof kinds)[number]

export interface Check {
  /** Short and stable: names the check in events, on the page and on the command line. */
  readonly id: string
  /** `claim` unless given. */
  readonly kind?: Kind
  /** The claim, in our own words. */
  readonly claim: string
  /** Figure, table or section of the paper. */
  readonly source: string
  /** The published number, as text. */
  readonly published?: string
  /** How the number is taken from the data, with every constant that decides it: ranges of fits, selected rows. */
  readonly method?: string
  readonly value: Cell
  /** The column of the same row that holds the half-width of the value's interval. */
  readonly spread?: string
  readonly expect: Expectation
  /** The expectation at a scale, if it is not `expect`. */
  readonly at?: { readonly [scale: string]: Expectation }
  /** The number that the claim states, if it is not that of its expectation. */
  readonly stated?: number
  /** The value that the claim must exclude. */
  readonly rival?: Rival
  /** A wider range, two-sided and without the rival: a value in it differs, but does not contradict the claim. */
  readonly differs?: Expectation
  /**
   * A known disagreement: the check fails if its verdict is another one. Without a declaration, a check fails if the
   * number contradicts the claim, or if there is no number. An open verdict never fails.
   */
  readonly declared?: { readonly verdict: Verdict; readonly reason: string }
  /** The scales at which the check is judged; all scales if absent. At other scales its value is only shown. */
  readonly scales?: ReadonlyArray<string>
}
export const check = (check: Check): Check => check

/** The expectation of a check at a scale. */
export const expectedAt = ({ at, expect }: Check, scale: string): Expectation => at?.[scale] ?? expect

export interface Judged {
  readonly check: Check
  /** At the scale of the run. */
  readonly expect: Expectation
  readonly measured: number | null
  readonly spread: number | null
  readonly verdict: Verdict
  /** The verdict that the value would have, if the claim is not judged at this scale. */
  readonly would?: Verdict
  readonly asDeclared: boolean
  /** Why the verdict is open, or why there is none. */
  readonly note?: string
}

/** The result for a check whose table is not part of this run. */
export const leftOut = (check: Check, scale: string): Judged => unjudged(check, scale, "Its table is not in this run.")

const unjudged = (check: Check, scale: string, note: string, asDeclared = true): Judged => ({
  check,
  expect: expectedAt(check, scale),
  measured: null,
  spread: null,
  verdict: "not judged",
  asDeclared,
  note,
})

/** Judges one check by its table. The table is undefined if its node failed. */
export const judge = (check: Check, table: Table | undefined, scale: string): Judged => {
  const isScale = check.scales === undefined || check.scales.includes(scale)
  const missing = (note: string): Judged =>
    unjudged(check, scale, note, !isScale || check.declared?.verdict === "not judged")
  if (table === undefined) return missing("Its table was not made.")
  const rows = rowsWhere(table, check.value.where)
  const measured = table[check.value.column]?.[rows[0] ?? -1]
  if (rows.length !== 1 || typeof measured !== "number")
    return missing(
      `Its table has ${rows.length} rows where ${JSON.stringify(check.value.where)} (${check.value.column}). ` +
        "The check needs one number.",
    )
  if (!Number.isFinite(measured)) return missing("These runs give no finite number for it.")
  const found = check.spread === undefined ? Number.NaN : table[check.spread]?.[rows[0]!]
  // Not a number says that nothing gives an interval. Anything else that is no width is a mistake.
  if (typeof found !== "number" || found < 0 || found === Infinity)
    return missing(`Its interval cannot be read: the column ${check.spread} has ${String(found)} there.`)
  const spread = Number.isNaN(found) ? null : found
  const expect = expectedAt(check, scale)
  const question = { ...check, expect }
  const verdict = verdictOn({ measured, spread }, question)
  const judged = { check, expect, measured, spread }
  if (!isScale)
    return {
      ...judged,
      verdict: "not judged",
      would: verdict,
      asDeclared: true,
      note: `Not judged at the scale ${scale}, only at ${check.scales!.join(" and ")}.`,
    }
  return {
    ...judged,
    verdict,
    asDeclared:
      verdict === "open" ||
      (check.declared === undefined ? verdict !== "contradicts" : verdict === check.declared.verdict),
    ...(verdict === "open" && { note: `Cannot tell: ${reasonOpen({ measured, spread }, question)}.` }),
  }
}

/** How many checks have which result. */
export interface CheckCounts {
  /** Judged as declared, and not open. */
  readonly passed: number
  /** Of those that passed: the interval excludes the stated number. */
  readonly excludes: number
  /** Of those that passed: the value differs without contradiction. */
  readonly differs: number
  /** Of those that passed: the value contradicts the claim, as declared. */
  readonly contradicts: number
  /** The interval cannot tell. */
  readonly open: number
  readonly failed: number
  readonly unjudged: number
}
export const countChecks = (ends: ReadonlyArray<Pick<Judged, "verdict" | "asDeclared">>): CheckCounts => {
  const declared = ends.filter((each) => each.asDeclared)
  const of = (verdict: Verdict): number => declared.filter((each) => each.verdict === verdict).length
  const [open, unjudged] = [of("open"), of("not judged")]
  return {
    passed: declared.length - open - unjudged,
    excludes: of("excludes"),
    differs: of("differs"),
    contradicts: of("contradicts"),
    open,
    failed: ends.length - declared.length,
    unjudged,
  }
}

const rowsWhere = (table: Table, where: Cell["where"]): ReadonlyArray<number> => {
  const length = Object.values(table)[0]?.length ?? 0
  const fits = (row: number): boolean =>
    Object.entries(where).every(([column, value]) => table[column]?.[row] === value)
  return Array.from({ length }, (_, row) => row).filter(fits)
}
