// What two runs have beside each other: the numbers and verdicts of their claims, and their settings.
// Refuses to judge which of them is right.
import type { ComparisonContent } from "../content.ts"
import { html, type Html } from "../html.ts"
import { measured, verdictSign } from "./claims.ts"
import { table } from "./made.ts"

type Claims = ComparisonContent["claims"]

const came = (end: Claims[number]["before"]): Html =>
  end === null
    ? html`<span class="remark">not judged</span>`
    : html`<span class="number">${measured(end)}</span> ${verdictSign(end.verdict)}${!end.asDeclared && html`<span class="remark alarm">⚠ Not the declared verdict.</span>`}`

/** A row for each claim of either run. */
export const beside = (claims: Claims, names: readonly [string, string]): Html => {
  const same = claims.filter(({ before, after }) => before?.verdict === after?.verdict).length
  return html`<p>${same} of ${claims.length} ${claims.length === 1 ? "claim has" : "claims have"} the same verdict in both.</p>
<table class="claims two" role="table">
<thead role="rowgroup"><tr role="row">${["Claim", "Source", ...names].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${claims.map(
    ({ id, claim, source, before, after }) => html`<tr role="row" id="claim-${id}">
<th role="rowheader" scope="row">${claim}</th>
<td role="cell" data-name="Source">${source}</td>
<td role="cell" data-name="${names[0]}">${came(before)}</td>
<td role="cell" data-name="${names[1]}">${came(after)}</td>
</tr>`,
  )}</tbody></table>`
}

/** The settings that differ. */
export const differences = (settings: ComparisonContent["settings"], names: readonly [string, string]): Html =>
  settings.length === 0
    ? html`<p>All settings are the same.</p>`
    : table(
        "Settings that differ",
        ["Name", ...names],
        settings.map(({ name, before, after }) => [
          html`<code>${name}</code>`,
          ...[before, after].map((value) => html`<code>${value ?? "—"}</code>`),
        ]),
      )

/** Figures that are not shown, and why. */
export const notPaired = (left: ComparisonContent["left"]): Html =>
  html`${left.length > 0 && html`<h3>Not shown</h3><ul>${left.map(({ id, title, why }) => html`<li><span class="ordinal">Figure ${id}</span> ${title}: ${why}</li>`)}</ul>`}`
