// Shows two runs side by side: the numbers and verdicts of their claims, and their settings.
// Knows nothing about which run is right.
import type { ComparisonContent } from "../content.ts"
import { html, type Html } from "../html.ts"
import { columnHeads } from "./claims.ts"
import { measured, verdictSign } from "./verdict.ts"
import { table } from "./made.ts"

type Claims = ComparisonContent["claims"]

const came = (end: Claims[number]["before"]): Html => {
  if (end === null) return html`<span class="remark">not judged</span>`
  const surprise = !end.asDeclared && html`<span class="remark alarm">⚠ Not the declared verdict.</span>`
  return html`<span class="number">${measured(end)}</span> ${verdictSign(end.verdict)}${surprise}`
}

/** A table with a row for each claim of either run. */
export const beside = (claims: Claims, names: readonly [string, string]): Html => {
  const same = claims.filter(({ before, after }) => before?.verdict === after?.verdict).length
  const have = claims.length === 1 ? "claim has" : "claims have"
  return html`<p>${same} of ${claims.length} ${have} the same verdict in both.</p>
<table class="claims two" role="table">
${columnHeads(["Claim", "Source", ...names])}
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

/** The list of figures that are not shown, with the reasons. */
export const notPaired = (left: ComparisonContent["left"]): Html =>
  html`${
    left.length > 0 &&
    html`<h3>Not shown</h3><ul>${left.map(
      ({ id, title, why }) => html`<li><span class="ordinal">Figure ${id}</span> ${title}: ${why}</li>`,
    )}</ul>`
  }`
