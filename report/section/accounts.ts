// Sets what a document says beside what its program did and what was measured, row by row.
// Knows nothing about how a claim is judged.
import type { Account, Claim } from "../content.ts"
import { html, type Html } from "../html.ts"
import { minus } from "../number.ts"
import { columnHeads } from "./claims.ts"
import { measured, verdictOf } from "./verdict.ts"

/** A table with a row for each account. A measurement links to its claim and to the figure that shows it. */
export const accountTable = (accounts: ReadonlyArray<Account>, claims: ReadonlyArray<Claim>): Html => {
  const byId = new Map(claims.map((claim) => [claim.id, claim]))
  return html`<table class="claims accounts" role="table">
${columnHeads(["Subject", "The text says", "The program did", "Measured here"])}
<tbody role="rowgroup">${accounts.map(
    ({ subject, text, program, finding, claims: ids }) => html`<tr role="row">
<th role="rowheader" scope="row">${minus(subject)}</th>
<td role="cell" data-name="The text says">${minus(text)}</td>
<td role="cell" data-name="The program did">${minus(program)}</td>
<td role="cell" data-name="Measured here">${minus(finding)}${ids.map((id) => measurement(id, byId.get(id)))}</td>
</tr>
`,
  )}</tbody></table>`
}

const measurement = (id: string, claim: Claim | undefined): Html =>
  claim === undefined
    ? html`<div class="remark">${id}: not in this part</div>`
    : html`<div><a href="#claim-${id}">${id}</a> <span class="number">${minus(measured(claim))}</span> ${verdictOf(
        claim,
      )}${claim.figure !== undefined && html` <a href="#figure-${claim.figure}">Figure ${claim.figure}</a>`}</div>`
