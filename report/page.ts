// Turns a report into files: one page that opens offline, and each figure and table beside it.
// Knows nothing about runs, stores and the clock: the same content gives the same bytes.
import type { PageContent } from "./content.ts"
import { csv } from "./csv.ts"
import { document } from "./document.ts"
import { checkName, drawn } from "./drawing.ts"
import { html } from "./html.ts"
import { claimsData } from "./claims-json.ts"
import { accountTable } from "./section/accounts.ts"
import { claimTable, tally } from "./section/claims.ts"
import { coverage, coverageCounts } from "./section/coverage.ts"
import { figurePart, figureSection, tableFile } from "./section/figures.ts"
import { madeSection } from "./section/made.ts"
import { sinceLast } from "./section/since.ts"

export { compare } from "./compare.ts"
export type { PageContent } from "./content.ts"

/**
 * Every file of a report by its path: `index.html`, `claims.json`, `figures/<id>.{svg,png,vl.json}`,
 * `tables/<name>.csv`. A figure without a table has its own rows as CSV.
 * 1. Write the tables. 2. Draw the figures. 3. Write the page around them.
 */
export const page = async (content: PageContent): Promise<ReadonlyMap<string, string | Uint8Array>> => {
  const {
    title,
    lead,
    source,
    leftOut,
    claims,
    before,
    statements = [],
    accounts = [],
    figures,
    nodes,
    tables,
    made,
  } = content
  const files = new Map<string, string | Uint8Array>()

  // 1.
  for (const { name, columns } of tables) {
    checkName(name)
    files.set(tableFile(name), csv(columns))
  }

  // 2.
  const drawing = await drawn({ figures, claims, nodes, show: made.show })
  for (const [path, bytes] of drawing.files) files.set(path, bytes)

  // 3.
  const part =
    leftOut &&
    `A part of the whole page: ${leftOut.figures} figures and ${leftOut.claims} claims of the spec are not here, ` +
      `and ${leftOut.nodes} nodes were left out.`
  const counts = html`${statements.length > 0 && coverageCounts(statements)}`
  const header = html`${tally(claims)}${counts}${before !== undefined && sinceLast(claims, before)}
${part !== undefined && html`<p class="remark">${part}</p>`}
${lead.map((paragraph) => html`<p class="lead">${paragraph}</p>`)}
${source !== undefined && html`<p class="source">${source}</p>`}`
  const sections = [
    { id: "claims", title: "Claims", body: claimTable(content) },
    ...(statements.length === 0
      ? []
      : [{ id: "coverage", title: "What the document says", body: coverage(statements, claims) }]),
    ...(accounts.length === 0
      ? []
      : [{ id: "accounts", title: "Text, program and measurement", body: accountTable(accounts, claims) }]),
    { id: "figures", title: "Figures", body: figureSection(content, drawing.prepared), parts: figures.map(figurePart) },
    { id: "made", title: "How it was made", body: madeSection(made) },
  ]
  const data = claimsData(content)
  files.set("claims.json", `${JSON.stringify(data, null, 2)}\n`)
  return files.set("index.html", await document(title, header, sections, { behind: drawing.behind, claims: data }))
}
