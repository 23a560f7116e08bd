// How does a report become files: one page that opens offline, and each figure and table beside it.
// Refuses to know runs, stores and the clock: the same content gives the same bytes. Vega is loaded only when a page is made.
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { asset } from "./asset.ts"
import { draw } from "./browser.ts"
import type { Claim, PageContent, Shown } from "./content.ts"
import { csv } from "./csv.ts"
import { dataOf, untitled, type Figure } from "./figure.ts"
import { columnsOf } from "./figure/rows.ts"
import { html, raw, type Html } from "./html.ts"
import { claimTable, spoken, tally } from "./section/claims.ts"
import { figureSection, filesOf, judgedBy, tableFile, type Prepared } from "./section/figures.ts"
import { madeSection } from "./section/made.ts"
import { nodesBehind, nodesData, type Behind } from "./section/nodes.ts"
import { style } from "./style.ts"

export type { PageContent } from "./content.ts"

// What a drawing loses where its title is left out.
const TITLE_HEIGHT = 24

/**
 * Every file of a report by its path: `index.html`, `figures/<id>.{svg,png,vl.json}`, `tables/<name>.csv`; of a figure without a table its own rows as CSV.
 * 1. Write the tables. 2. Draw the figures. 3. Write the page around them.
 */
export const page = async (content: PageContent): Promise<ReadonlyMap<string, string | Uint8Array>> => {
  const files = new Map<string, string | Uint8Array>()
  for (const name of [...content.tables.map((table) => table.name), ...content.figures.map((figure) => figure.id)]) {
    if (!/^[\w-][\w.-]*$/.test(name)) throw new Error(`"${name}" cannot be part of a file name; use letters, digits, dots and dashes`)
  }

  // 1.
  for (const { name, columns } of content.tables) files.set(tableFile(name), csv(columns))

  // 2.
  const { compiled, pngOf, svgOf } = await import("./render.ts")
  const heights: Array<number> = []
  const described = content.figures.map((shown): Shown => ({ ...shown, spec: withVerdicts(shown, content.claims) }))
  for (const shown of described) {
    const { spec, table } = shown
    const svg = await svgOf(compiled(spec))
    const paths = filesOf(shown)
    if (table === undefined) files.set(paths.csv, csv(columnsOf(dataOf(spec as Figure))))
    files.set(paths.svg, svg).set(paths.png, pngOf(svg)).set(paths.spec, `${JSON.stringify(spec)}\n`)
    heights.push(Number(/height="([\d.]+)"/.exec(svg)?.[1] ?? 0) - TITLE_HEIGHT)
  }

  // 3.
  const { behind, drawings } = nodesBehind(content, described.map(({ spec }) => compiled(untitled(spec as Figure))))
  const prepared = new Map(content.figures.map(({ id }, index): [string, Prepared] => [id, { spec: drawings[index], height: heights[index]! }]))
  return files.set("index.html", await written(content, prepared, behind))
}

// Who cannot see a figure is told what it says and what it says of the claims.
const withVerdicts = (shown: Shown, claims: ReadonlyArray<Claim>): Figure => {
  const figure = shown.spec as Figure
  return { ...figure, description: [figure["description"], spoken(judgedBy(shown, claims))].filter(Boolean).join(" ") }
}

// Only scripts with these digests run, so that markup that came in with the content cannot.
const scripts = async (): Promise<ReadonlyArray<string>> => {
  const libraries = await Promise.all([asset("vega", "build/vega.min.js"), asset("vega-embed", "build/vega-embed.min.js")].map((path) => readFile(path, "utf8")))
  return [...libraries, `(${String(draw)})(window)`].map((text) =>
    text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "").replaceAll("</script", String.raw`<\/script`).replaceAll("<!--", String.raw`<\!--`))
}

const policy = (scripts: ReadonlyArray<string>): string => {
  const digests = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
  return `default-src 'none'; script-src ${digests.join(" ")}; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'`
}

const contents = ({ figures }: PageContent): Html => html`<nav aria-label="Contents"><ol>
<li><a href="#claims">Claims</a></li>
<li><a href="#figures">Figures</a><ol>${figures.map(({ id, title }) => html`<li><a href="#figure-${id}"><span class="ordinal">${id}</span> ${title}</a></li>`)}</ol></li>
<li><a href="#made">How it was made</a></li></ol></nav>`

const written = async (content: PageContent, prepared: ReadonlyMap<string, Prepared>, behind: Behind): Promise<string> => {
  const texts = await scripts()
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(texts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${content.title}</title>
<style>${raw(style)}</style></head>
<body><a class="skip" href="#claims">Skip to the claims</a>
<header><h1>${content.title}</h1>
${tally(content.claims)}
${content.lead.map((paragraph) => html`<p class="lead">${paragraph}</p>`)}
${content.source !== undefined && html`<p class="source">${content.source}</p>`}</header>
${contents(content)}
<main>
<noscript><p class="remark alarm">Scripts are off, so the figures are not drawn here; each has a link to its SVG file.</p></noscript>
<section id="claims" aria-labelledby="claims-title"><h2 id="claims-title">Claims</h2>${claimTable(content)}</section>
<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>${figureSection(content, prepared)}</section>
<section id="made" aria-labelledby="made-title"><h2 id="made-title">How it was made</h2>${madeSection(content.made)}</section>
</main>
${nodesData(behind)}
${texts.map((text) => html`<script>${raw(text)}</script>
`)}</body></html>
`.text
}
