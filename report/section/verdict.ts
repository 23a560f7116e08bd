// Shows a verdict as a word and a sign, never only as a colour, and a number with its interval.
// Knows nothing about how a claim is judged.
import type { Claim, Verdict } from "../content.ts"
import { html, type Html } from "../html.ts"
import { decimal, interval } from "../number.ts"

const SIGN: Readonly<Record<Verdict, string>> = {
  agrees: "✓",
  excludes: "≈",
  open: "?",
  differs: "≠",
  contradicts: "✗",
  "not judged": "○",
}
export const WORD: Readonly<Record<Verdict, string>> = {
  agrees: "agrees",
  excludes: "within the tolerance, but excludes the stated number",
  open: "cannot tell",
  differs: "differs",
  contradicts: "contradicts",
  "not judged": "not judged",
}
/** Of several claims. */
const OF_MANY: Readonly<Record<Verdict, string>> = {
  agrees: "agree",
  excludes: "exclude the stated number",
  open: "cannot tell",
  differs: "differ",
  contradicts: "contradict",
  "not judged": "not judged",
}
/** Of one claim. */
const OF_ONE: Readonly<Record<Verdict, string>> = {
  ...OF_MANY,
  agrees: "agrees",
  excludes: "excludes the stated number",
  differs: "differs",
  contradicts: "contradicts",
}
/** All verdicts, in the order in which they are counted. */
export const VERDICTS = Object.keys(SIGN) as ReadonlyArray<Verdict>

/** A verdict as a sign and a word, with the number of such claims if `count` is given. */
export const verdictSign = (verdict: Verdict, count?: number): Html => {
  const words = count === undefined ? WORD[verdict] : `${count} ${(count === 1 ? OF_ONE : OF_MANY)[verdict]}`
  const sign = html`<span aria-hidden="true">${SIGN[verdict]}</span>`
  return html`<span class="verdict ${verdict.replace(" ", "-")}">${sign} ${words}</span>`
}

/** The measured number with its interval. */
export const measured = ({ measured, spread }: Pick<Claim, "measured" | "spread">): string =>
  measured === null ? "—" : spread === null ? decimal(measured) : interval(measured, spread)

/** The verdict of a claim; for a claim that is not judged at this scale also the verdict that its value would have. */
export const verdictOf = ({ verdict, would }: Pick<Claim, "verdict" | "would">): Html =>
  html`${verdictSign(verdict)}${
    would !== undefined && html`<span class="remark">would be: ${verdictSign(would)}</span>`
  }`
