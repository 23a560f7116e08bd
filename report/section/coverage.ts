// What the document says, statement by statement: which claims cover a statement, or why none does.
// Knows nothing about how a claim is judged.
import type { Claim, Statement } from "../content.ts"
import { html, type Html } from "../html.ts"
import { minus } from "../number.ts"
import { columnHeads } from "./claims.ts"
import { verdictOf } from "./verdict.ts"

/** How many statements are covered, in one line. */
export const coverageCounts = (statements: ReadonlyArray<Statement>): Html => {
  const covered = statements.filter((each) => "claims" in each).length
  return html`<p class="remark">${covered} of ${statements.length} statements of the document are covered by claims; <a
    href="#coverage">the others say why not</a>. The claims as data: <a href="claims.json">claims.json</a>.</p>`
}

/** A table with a row for each statement. */
export const coverage = (statements: ReadonlyArray<Statement>, claims: ReadonlyArray<Claim>): Html => {
  const byId = new Map(claims.map((claim) => [claim.id, claim]))
  return html`<table class="claims" role="table">
${columnHeads(["Statement", "Source", "Claims"])}
<tbody role="rowgroup">${statements.map(
    (each) => html`<tr role="row">
<th role="rowheader" scope="row">${minus(each.statement)}</th>
<td role="cell" data-name="Source">${each.source}</td>
<td role="cell" data-name="Claims">${
      "claims" in each
        ? each.claims.map((id) => linked(id, byId.get(id)))
        : html`<span class="remark">Not covered, because ${each.because}</span>`
    }</td>
</tr>
`,
  )}</tbody></table>`
}

const linked = (id: string, claim: Claim | undefined): Html =>
  claim === undefined
    ? html`<span class="remark">${id}: not in this part</span>`
    : html`<div><a href="#claim-${id}">${id}</a> ${verdictOf(claim)}</div>`
