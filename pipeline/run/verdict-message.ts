// The sentences about checks: the text for a verdict, the line for a check, and the counts of verdicts. Knows nothing
// about how checks are judged.
import type { CheckCounts, Judged, Verdict } from "../check.ts"

/** The text for a verdict. */
export const verdictWord = (verdict: Verdict): string => words[verdict]
const words: { readonly [V in Verdict]: string } = {
  agrees: "agrees",
  excludes: "within the tolerance, but excludes the stated number",
  open: "cannot tell",
  differs: "differs",
  contradicts: "contradicts",
  "not judged": "not judged",
}
const verdictMark = ({ verdict, asDeclared }: Judged): string =>
  asDeclared ? (verdict === "not judged" ? "–" : verdict === "open" ? "?" : "✓") : "✗"
const number = (value: number): string =>
  value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5) ? value.toFixed(3) : value.toExponential(2)

/** One check on one line. */
export const verdict = (judged: Judged): string => {
  const { check, expect, measured, spread, verdict: is, would, note } = judged
  const value = measured === null ? "" : ` ${number(measured)}${spread === null ? "" : ` ± ${number(spread)}`}`
  const judgement = would === undefined ? verdictWord(is) : `${verdictWord(is)} (would be: ${verdictWord(would)})`
  const more = [
    ...(check.differs === undefined ? [] : [`differs: ${check.differs.text}`]),
    ...(check.rival === undefined ? [] : [`rival: ${check.rival.text}`]),
    ...(check.declared === undefined
      ? []
      : [`declared: ${verdictWord(check.declared.verdict)}, ${check.declared.reason}`]),
  ]
  const remark = note === undefined ? "" : `. ${note}`
  return (
    `${verdictMark(judged)} ${check.id}: ${judgement}${value}, expected ` +
    `${expect.text}${more.length === 0 ? "" : ` (${more.join("; ")})`}${remark}`
  )
}

/** How many checks passed, failed and so on, in words. */
export const checkCounts = ({
  passed,
  excludes,
  differs,
  contradicts,
  open,
  failed,
  unjudged,
}: CheckCounts): string => {
  const of = [
    ...some(excludes, "exclude", " the stated number"),
    ...some(differs, "differ"),
    ...some(contradicts, "contradict", " as declared"),
  ]
  return [
    `${passed} passed${of.length === 0 ? "" : ` (${of.join(", ")})`}`,
    ...(open === 0 ? [] : [`${open} cannot tell`]),
    `${failed} failed`,
    ...(unjudged === 0 ? [] : [`${unjudged} not judged`]),
  ].join(", ")
}

const some = (count: number, verb: string, rest = ""): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${verb}${count === 1 ? "s" : ""}${rest}`]
