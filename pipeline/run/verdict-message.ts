// The sentences about checks: the text for a verdict, the line for a check, and the counts of verdicts. Knows nothing
// about how checks are judged.
import type { CheckCounts, Judged, Verdict } from "../check.ts"

/** The text for a verdict. */
export const verdictWord = (verdict: Verdict): string =>
  verdict === "different" ? "reproduced with a difference" : verdict
const verdictMark = (judged: Judged): string =>
  judged.asDeclared ? (judged.verdict === "not tested" ? "–" : "✓") : "✗"
const number = (value: number): string =>
  value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5) ? value.toFixed(3) : value.toExponential(2)

/** One check on one line. */
export const verdict = (judged: Judged): string => {
  const { check, expect, measured, spread, verdict: is, undecided, note } = judged
  const value = measured === null ? "" : ` ${number(measured)}${spread === null ? "" : ` ± ${number(spread)}`}`
  const declared =
    check.declared === undefined ? "" : ` (declared: ${verdictWord(check.declared.verdict)}, ${check.declared.reason})`
  const differs = check.differs === undefined ? "" : ` (with a difference: ${check.differs.text})`
  const open = undecided === undefined ? "" : "; its interval allows another verdict"
  const remark = note === undefined ? "" : `. ${note}`
  return (
    `${verdictMark(judged)} ${check.id}: ${verdictWord(is)}${value}, expected ` +
    `${expect.text}${differs}${declared}${open}${remark}`
  )
}

/** How many checks passed, failed and so on, in words. */
export const checkCounts = ({ passed, different, failed, untested }: CheckCounts): string =>
  `${passed} passed${different === 0 ? "" : ` (${different} with a difference)`}, ${failed} ` +
  `failed${untested === 0 ? "" : `, ${untested} not tested`}`
