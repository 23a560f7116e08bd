// Shows the claims: the counts at the top of the page, the table of all claims by figure, and the short list below a
// figure.
// Knows nothing about how a claim is judged.
import type { Claim, PageContent } from "../content.ts"
import { html, type Html } from "../html.ts"
import { minus } from "../number.ts"
import { resultsOf, wasRemark } from "./since.ts"
import { measured, verdictOf, verdictSign, VERDICTS, WORD } from "./verdict.ts"

const KIND: Readonly<Record<Claim["kind"], string>> = {
  claim: "claim of the document",
  prediction: "prediction of its theory",
  own: "check of our own",
}

const remarks = ({ kind, rival, declared, asDeclared, note }: Claim): Html =>
  html`${kind !== "claim" && html`<span class="remark">A ${KIND[kind]}.</span>`}${
    rival !== undefined && html`<span class="remark">Must exclude ${minus(rival)}.</span>`
  }${
    declared !== undefined &&
    html`<span class="remark">Declared as “${WORD[declared.verdict]}”: ${declared.reason}</span>`
  }${!asDeclared && html`<span class="remark alarm">⚠ Not the declared verdict.</span>`}${
    note !== undefined && html`<span class="remark">${note}</span>`
  }`

/** Where the number comes from: a link to this claim, how the number is taken, and the commands for its node. */
const provenance = ({ id, method, from }: Claim, { show, rerun }: PageContent["made"]): Html => {
  const node = `'${from.node.replaceAll("'", String.raw`'\''`)}'`
  return html`<details class="remark"><summary><a href="#claim-${id}">${id}</a>: how it was measured</summary>${
    method !== undefined && html`<p>${minus(method)}</p>`
  }<p><code>${show} ${node}</code><br><code>${rerun} ${node}</code></p></details>`
}

const expected = ({ expected, differs, fails, elsewhere }: Claim): Html =>
  html`<span class="number">${minus(expected)}</span>${
    differs !== undefined && html`<span class="remark">differs: ${minus(differs)}</span>`
  }<span class="remark">fails ${minus(fails)}</span>${elsewhere.map(
    ({ scale, expected }) => html`<span class="remark">${scale} scale: ${minus(expected)}</span>`,
  )}`

/** The number of claims of the document with each verdict, zeros included, and then our own checks. */
export const tally = (claims: ReadonlyArray<Claim>): Html => {
  const [documents, own] = [claims.filter(({ kind }) => kind !== "own"), claims.filter(({ kind }) => kind === "own")]
  const predictions = documents.filter(({ kind }) => kind === "prediction").length
  return html`<p class="tally">${counted(documents, "claim")}${
    predictions > 0 && html` (${predictions} of them predictions of its theory)`
  }: ${countsOf(documents)}</p>${
    own.length > 0 && html`<p class="tally own">${counted(own, "check")} of our own: ${countsOf(own)}</p>`
  }`
}

const counted = (all: ReadonlyArray<Claim>, noun: string): string =>
  `${all.length} ${noun}${all.length === 1 ? "" : "s"}`

const countsOf = (claims: ReadonlyArray<Claim>): Html => {
  const adverse = claims.filter(({ would }) => would !== undefined && would !== "agrees").length
  const surprises = claims.filter(({ asDeclared }) => !asDeclared).length
  return html`${VERDICTS.map(
    (each) => html`${verdictSign(each, claims.filter(({ verdict }) => verdict === each).length)} `,
  )}${adverse > 0 && html`<span class="remark">${adverse} of those not judged would not agree</span> `}${
    surprises > 0 && html`<span class="remark alarm">⚠ ${surprises} not as declared</span>`
  }`
}

/** The claim was judged, and agrees. */
const settled = ({ verdict }: Claim): boolean => verdict === "agrees"

const COLUMNS = ["Claim", "Source", "Published", "Measured", "Expected", "Verdict"]

/** The head of a table of claims. */
export const columnHeads = (names: ReadonlyArray<string>): Html => {
  const heads = names.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)
  return html`<thead role="rowgroup"><tr role="row">${heads}</tr></thead>`
}

/**
 * The table of all claims, by figure. A narrow page lays the table out as cards; the roles keep it a table for screen
 * readers.
 */
export const claimTable = ({
  claims,
  figures,
  made,
  before,
}: Pick<PageContent, "claims" | "figures" | "made" | "before">): Html => {
  const last = resultsOf(before)
  const titles = new Map<string | undefined, Html>(
    figures.map(({ id, title }) => [
      id,
      html`<a href="#figure-${id}"><span class="ordinal">Figure ${id}</span> ${title}</a>`,
    ]),
  )
  const groups = Map.groupBy(claims, ({ figure }) => (titles.has(figure) ? figure : undefined))
  const open = claims.filter((claim) => !settled(claim)).length
  const label = `Only the ${open} that ${open === 1 ? "is" : "are"} not plainly in agreement`
  const filter = html`<p class="filter"><label><input type="checkbox" id="open-only"> ${label}</label></p>`
  return html`${open > 0 && filter}
<table class="claims" role="table">
${columnHeads(COLUMNS)}
${[...titles.keys(), undefined].map(
  (id) => groups.has(id) && group(titles.get(id) ?? html`Without a figure`, groups.get(id)!, made, last),
)}</table>`
}

const group = (
  title: Html,
  claims: ReadonlyArray<Claim>,
  made: PageContent["made"],
  last: ReturnType<typeof resultsOf>,
): Html => html`<tbody role="rowgroup" class="${claims.every(settled) && "settled"}">
<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="${COLUMNS.length}">${title}</th></tr>
${claims.map(
  (claim) => html`<tr role="row" id="claim-${claim.id}" class="${settled(claim) && "settled"}">
<th role="rowheader" scope="row">${minus(claim.claim)}${remarks(claim)}${provenance(claim, made)}</th>
<td role="cell" data-name="Source">${claim.source}</td>
<td role="cell" data-name="Published">${minus(claim.published ?? "—")}</td>
<td role="cell" data-name="Measured" class="number">${measured(claim)}</td>
<td role="cell" data-name="Expected">${expected(claim)}</td>
<td role="cell" data-name="Verdict">${verdictOf(claim)}${wasRemark(claim, last.get(claim.id))}</td>
</tr>`,
)}</tbody>
`

/** The claims that a figure shows. */
export const claimList = (claims: ReadonlyArray<Claim>): Html =>
  html`<ul class="judged">${claims.map(
    (claim) => html`<li>${verdictOf(claim)}
<div><a href="#claim-${claim.id}">${minus(claim.claim)}</a>
<span class="numbers">${numbers(claim)}</span></div></li>`,
  )}</ul>`

const numbers = (claim: Claim): Html => {
  const published = claim.published !== undefined && html`; published ${minus(claim.published)}`
  const asked = html`expected ${minus(claim.expected)}, fails ${minus(claim.fails)}`
  return html`measured <b>${measured(claim)}</b>, ${asked}${published}`
}

/** The claims that a figure shows and their verdicts, as text for a reader who cannot see the figure. */
export const claimsAsText = (claims: ReadonlyArray<Claim>): string =>
  claims.map(({ claim, verdict }) => `${claim.replace(/\.?$/, ":")} ${WORD[verdict]}.`).join(" ")
