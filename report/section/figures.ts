// Shows the figures, each with its caption, its claims and its files.
// Knows nothing about drawing: the page's script draws the figures from the specifications in the page.
import type { Claim, PageContent, Shown } from "../content.ts"
import { html, json, type Html } from "../html.ts"
import { claimList } from "./claims.ts"

/** A figure for the page: its Vega specification and the height of its drawing in pixels. */
export interface Prepared {
  readonly spec: unknown
  readonly height: number
}

/** The paths of a figure's files, relative to the page. */
export const filesOf = ({ id, table }: Pick<Shown, "id" | "table">) => ({
  svg: `figures/${id}.svg`,
  png: `figures/${id}.png`,
  spec: `figures/${id}.vl.json`,
  csv: table === undefined ? `figures/${id}.csv` : tableFile(table),
})

/** The path of a table's file. */
export const tableFile = (name: string): string => `tables/${name}.csv`

/** The claims that a figure shows. */
export const judgedBy = (figure: Pick<Shown, "claims">, claims: ReadonlyArray<Claim>): ReadonlyArray<Claim> =>
  claims.filter(({ id }) => figure.claims.includes(id))

const waiting = (svg: string): Html =>
  html`This figure is drawn by the page's script; without it, see <a href="${svg}">${svg}</a>.`

const one = (figure: Shown, claims: ReadonlyArray<Claim>, { spec, height }: Prepared): Html => {
  const files = filesOf(figure)
  const links = Object.entries({ SVG: files.svg, PNG: files.png, CSV: files.csv, "Vega-Lite": files.spec })
  const judged = judgedBy(figure, claims)
  return html`<figure id="figure-${figure.id}" aria-labelledby="title-${figure.id}">
<h3 id="title-${figure.id}"><span class="ordinal">Figure ${figure.id}</span> ${figure.title}</h3>
<div class="plate" data-figure="${figure.id}" style="--height:${Math.round(height)}px" tabindex="0" role="group"
 aria-label="Drawing of figure ${figure.id}; the arrow keys go from point to point"><div class="drawing"></div>
<p class="waiting">${waiting(files.svg)}</p><div class="told" aria-live="polite"></div></div>
<script type="application/json" id="spec-${figure.id}">${json(spec)}</script>
<figcaption>${figure.caption}</figcaption>
${judged.length > 0 && claimList(judged)}
<p class="files">Files:${links.map(([text, file]) => html` <a href="${file}">${text}</a>`)}</p>
</figure>`
}

const hint =
  "Point at a mark to see its values and the node that made it; a click, or the arrow keys in a figure, keep them " +
  "below it. A click in a legend fades the other series."

/** All figures in order. `prepared` contains each figure by its id. */
export const figureSection = (
  { figures, claims }: Pick<PageContent, "figures" | "claims">,
  prepared: ReadonlyMap<string, Prepared>,
): Html =>
  html`<p class="hint">${hint}</p>
${figures.map((figure) => one(figure, claims, prepared.get(figure.id)!))}`

/** The entry of a figure in the table of contents. */
export const figurePart = ({ id, title }: Shown) => ({
  id: `figure-${id}`,
  title: html`<span class="ordinal">${id}</span> ${title}`,
})
