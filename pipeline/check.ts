// Judges a claim of the paper by one of our numbers. A check is data: a cell of a table, and the value expected there.
// Judging is pure; the caller fetches the tables. Knows nothing about the store, or of how the tables are made.
import type { Output } from "./node.ts"
import type { Table } from "./stage.ts"

/** One cell: the value in `column` of the only row in which every `where` column has its value. */
export interface Cell {
  readonly output: Output<Table>
  readonly where: { readonly [column: string]: string | number }
  readonly column: string
}
export const cell = (output: Output<Table>, where: Cell["where"], column: string): Cell => ({ output, where, column })

/** The values that fit a claim. NaN never fits. */
export interface Expectation {
  readonly holds: (value: number) => boolean
  /** The values at which `holds` changes. */
  readonly bounds: ReadonlyArray<number>
  /** A text for people: "-1 ± 0.08". */
  readonly text: string
  /** The values that fail, as a text to follow the word "fails": "outside -1.08 to -0.92". */
  readonly fails: string
}
const digits = (x: number): string => String(Number(x.toPrecision(4)))
export const within = (center: number, tolerance: number): Expectation => ({
  holds: (value) => Math.abs(value - center) <= tolerance,
  bounds: [center - tolerance, center + tolerance],
  ...(tolerance === 0
    ? { text: `exactly ${digits(center)}`, fails: `at any value except ${digits(center)}` }
    : {
        text: `${digits(center)} ± ${digits(tolerance)}`,
        fails:
          digits(center - tolerance) === digits(center)
            ? `more than ${digits(tolerance)} from ${digits(center)}`
            : `outside ${digits(center - tolerance)} to ${digits(center + tolerance)}`,
      }),
})
export const between = (low: number, high: number): Expectation => ({
  holds: (value) => value >= low && value <= high,
  bounds: [low, high],
  text: `${digits(low)} to ${digits(high)}`,
  fails: `outside ${digits(low)} to ${digits(high)}`,
})
export const atMost = (high: number): Expectation => ({
  holds: (value) => value <= high,
  bounds: [high],
  text: `at most ${digits(high)}`,
  fails: `above ${digits(high)}`,
})
export const atLeast = (low: number): Expectation => ({
  holds: (value) => value >= low,
  bounds: [low],
  text: `at least ${digits(low)}`,
  fails: `below ${digits(low)}`,
})
export const above = (low: number): Expectation => ({
  holds: (value) => value > low,
  bounds: [low],
  text: `above ${digits(low)}`,
  fails: `at ${digits(low)} or below`,
})
export const below = (high: number): Expectation => ({
  holds: (value) => value < high,
  bounds: [high],
  text: `below ${digits(high)}`,
  fails: `at ${digits(high)} or above`,
})

/** In texts for people, "different" is "reproduced with a difference". */
export const verdicts = ["reproduced", "different", "not reproduced", "not tested"] as const
export type Verdict = (typeof verdicts)[number]

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
  /** The expectation at a scale, if it is not `expect`. */
  readonly at?: { readonly [scale: string]: Expectation }
  /**
   * A wider expectation: if only this one holds, the claim is reproduced with a difference that does not contradict it.
   */
  readonly differs?: Expectation
  /**
   * A known disagreement: the check fails if its verdict is not the declared one. Without a declaration, a check passes
   * with the verdicts "reproduced" and "different".
   */
  readonly declared?: { readonly verdict: Verdict; readonly reason: string }
  /** The scales at which the check can be judged; all scales if absent. */
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
  readonly asDeclared: boolean
  /** Some values in the interval `measured` ± `spread` would give another verdict. */
  readonly undecided?: true
  /** The reason why there is no number, if there is none. */
  readonly note?: string
}

/** The result of a check whose table is left out of this run. */
export const leftOut = (check: Check, scale: string): Judged =>
  passedOver(check, scale, "Its table is left out of this run.")

const passedOver = (check: Check, scale: string, note: string): Judged => ({
  check,
  expect: expectedAt(check, scale),
  measured: null,
  spread: null,
  verdict: "not tested",
  asDeclared: true,
  note,
})

/** Judges one check against its table. The table is undefined if the node that makes it failed. */
export const judge = (check: Check, table: Table | undefined, scale: string): Judged => {
  const expect = expectedAt(check, scale)
  const end = (verdict: Verdict, measured: number | null, spread: number | null, note?: string): Judged => ({
    check,
    expect,
    measured,
    spread,
    verdict,
    asDeclared:
      check.declared === undefined
        ? verdict === "reproduced" || verdict === "different"
        : verdict === check.declared.verdict,
    ...(note === undefined ? {} : { note }),
  })
  if (check.scales !== undefined && !check.scales.includes(scale)) {
    return passedOver(check, scale, `Not tested at the scale ${scale}, only at ${check.scales.join(" and ")}.`)
  }
  if (table === undefined) return end("not tested", null, null, "Its table was not made.")
  const rows = rowsWhere(table, check.value.where)
  const measured = table[check.value.column]?.[rows[0] ?? -1]
  if (rows.length !== 1 || typeof measured !== "number") {
    return end(
      "not tested",
      null,
      null,
      `Its table has ${rows.length} rows where ${JSON.stringify(check.value.where)} (${check.value.column}); ` +
        "one number was expected.",
    )
  }
  if (Number.isNaN(measured)) return end("not tested", null, null, "These runs give no number for this check.")
  const spread = check.spread === undefined ? undefined : table[check.spread]?.[rows[0]!]
  const verdictOf = (value: number): Verdict =>
    expect.holds(value) ? "reproduced" : check.differs?.holds(value) === true ? "different" : "not reproduced"
  const judged = end(verdictOf(measured), measured, typeof spread === "number" && !Number.isNaN(spread) ? spread : null)
  const half = judged.spread ?? 0
  const crossed = [expect, ...(check.differs === undefined ? [] : [check.differs])]
    .flatMap(({ bounds }) => bounds)
    .filter((bound) => Math.abs(bound - measured) < half)
  return [measured - half, measured + half, ...crossed].some((value) => verdictOf(value) !== judged.verdict)
    ? { ...judged, undecided: true }
    : judged
}

/** How many checks had which result. */
export interface CheckCounts {
  /** Tested, with a verdict as declared. */
  readonly passed: number
  /** The passed checks that are reproduced with a difference. */
  readonly different: number
  readonly failed: number
  readonly untested: number
}
export const countChecks = (ends: ReadonlyArray<Pick<Judged, "verdict" | "asDeclared">>): CheckCounts => {
  const declared = ends.filter((each) => each.asDeclared)
  const untested = declared.filter(({ verdict }) => verdict === "not tested").length
  const different = declared.filter(({ verdict }) => verdict === "different").length
  return { passed: declared.length - untested, different, failed: ends.length - declared.length, untested }
}

const rowsWhere = (table: Table, where: Cell["where"]): ReadonlyArray<number> => {
  const length = Object.values(table)[0]?.length ?? 0
  const fits = (row: number): boolean =>
    Object.entries(where).every(([column, value]) => table[column]?.[row] === value)
  return Array.from({ length }, (_, row) => row).filter(fits)
}
