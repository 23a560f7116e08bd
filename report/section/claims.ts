// Which claims hold: the summary line, the table at the top, and the short list under a figure.
// Refuses to judge; a verdict is a word and a sign, never only a colour.
import type { Claim, Verdict } from "../content.ts"
import { html, type Html } from "../html.ts"
import { decimal, interval, minus } from "../number.ts"

const SIGN: Readonly<Record<Verdict, string>> = { reproduced: "✓", different: "≠", "not reproduced": "✗", "not tested": "○" }

const word = (verdict: Verdict): string => (verdict === "different" ? "reproduced with a difference" : verdict)

const verdict = ({ verdict }: Claim): Html =>
  html`<span class="verdict ${verdict.replace(" ", "-")}"><span aria-hidden="true">${SIGN[verdict]}</span> ${word(verdict)}</span>`

const measured = ({ measured, spread }: Claim): string =>
  measured === null ? "—" : spread === null ? decimal(measured) : interval(measured, spread)

const remarks = ({ declared, asDeclared, note }: Claim): Html => html`${
  declared !== undefined && html`<span class="remark">Declared ${word(declared.verdict)}: ${declared.reason}</span>`
}${!asDeclared && html`<span class="remark alarm">⚠ Not the declared verdict.</span>`}${note !== undefined && html`<span class="remark">${note}</span>`}`

const expected = ({ expected, differs, fails, elsewhere }: Claim): Html => html`<span class="number">${minus(expected)}</span>${
  differs !== undefined && html`<span class="remark">with a difference: ${minus(differs)}</span>`
}<span class="remark">fails ${minus(fails)}</span>${elsewhere.map(({ scale, expected }) => html`<span class="remark">${scale} scale: ${minus(expected)}</span>`)}`

/** "11 of 12 claims reproduced · 1 not tested". */
export const summary = (claims: ReadonlyArray<Claim>): string => {
  const count = (wanted: Verdict): number => claims.filter(({ verdict }) => verdict === wanted).length
  const rest = (["different", "not reproduced", "not tested"] as const).flatMap((each) => (count(each) > 0 ? [`${count(each)} ${word(each)}`] : []))
  const surprises = claims.filter(({ asDeclared }) => !asDeclared).length
  return [
    `${count("reproduced")} of ${claims.length} ${claims.length === 1 ? "claim" : "claims"} reproduced`,
    ...rest,
    ...(surprises > 0 ? [`${surprises} not as declared`] : []),
  ].join(" · ")
}

const COLUMNS = ["Claim", "Source", "Published", "Measured", "Expected", "Verdict", "Figure"]

/** The table of all claims. The roles keep it a table for screen readers where a narrow page lays it out as cards. */
export const claimTable = (claims: ReadonlyArray<Claim>): Html => html`<table class="claims" role="table">
<thead role="rowgroup"><tr role="row">${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${claims.map((claim) => html`<tr role="row" id="claim-${claim.id}">
<th role="rowheader" scope="row">${claim.claim}${remarks(claim)}</th>
<td role="cell" data-name="Source">${claim.source}</td>
<td role="cell" data-name="Published">${claim.published ?? "—"}</td>
<td role="cell" data-name="Measured" class="number">${measured(claim)}</td>
<td role="cell" data-name="Expected">${expected(claim)}</td>
<td role="cell" data-name="Verdict">${verdict(claim)}</td>
<td role="cell" data-name="Figure">${claim.figure === undefined ? "—" : html`<a href="#figure-${claim.figure}">${claim.figure}</a>`}</td>
</tr>`)}</tbody></table>`

/** The claims a figure bears on. */
export const claimList = (claims: ReadonlyArray<Claim>): Html => html`<ul class="judged">${claims.map((claim) => html`<li>${verdict(claim)}
<div><a href="#claim-${claim.id}">${claim.claim}</a>
<span class="numbers">measured <b>${measured(claim)}</b>, expected ${minus(claim.expected)}${claim.published !== undefined && html`, published ${claim.published}`}</span></div></li>`)}</ul>`
