// Writes the HTML file around the sections of a page, with its style and its scripts. The page needs no network.
// Knows nothing about the content of the sections.
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { asset } from "./asset.ts"
import { draw } from "./browser.ts"
import { html, json, raw, type Content, type Html } from "./html.ts"
import { nodesData, type Behind } from "./section/nodes.ts"
import { style } from "./style.ts"

/** A part of a page with an entry in the table of contents. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
  /** The entries below this entry in the table of contents. */
  readonly parts?: ReadonlyArray<{ readonly id: string; readonly title: Content }>
}

const unscripted = "Scripts are off, so the figures are not drawn here; each has a link to its SVG file."

const inContents = ({ id, title, parts = [] }: Section): Html => {
  const below = parts.map((part) => html`<li><a href="#${part.id}">${part.title}</a></li>`)
  return html`<li><a href="#${id}">${title}</a>${below.length > 0 && html`<ol>${below}</ol>`}</li>
`
}

/** The HTML text of the page. */
export const document = async (
  title: string,
  header: Html,
  sections: ReadonlyArray<Section>,
  data: { readonly behind: Behind; readonly claims?: unknown },
): Promise<string> => {
  const texts = await scripts()
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(texts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(style)}</style></head>
<body><a class="skip" href="#${sections[0]!.id}">Skip to: ${sections[0]!.title}</a>
<header><h1>${title}</h1>
${header}</header>
<nav aria-label="Contents"><ol>
${sections.map(inContents)}</ol></nav>
<main>
<noscript><p class="remark alarm">${unscripted}</p></noscript>
${sections.map(
  ({
    id,
    title,
    body,
  }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>
`,
)}</main>
${nodesData(data.behind)}
${data.claims !== undefined && html`<script type="application/json" id="claims-data">${json(data.claims)}</script>`}
${texts.map(
  (text) => html`<script>${raw(text)}</script>
`,
)}</body></html>
`.text
}

// The browser runs only scripts with these digests. Markup inside the content can therefore run no script.
const scripts = async (): Promise<ReadonlyArray<string>> => {
  const libraries = await Promise.all(
    [asset("vega", "build/vega.min.js"), asset("vega-embed", "build/vega-embed.min.js")].map((path) =>
      readFile(path, "utf8"),
    ),
  )
  return [...libraries, `(${String(draw)})(window)`].map((text) =>
    text
      .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "")
      .replaceAll("</script", String.raw`<\/script`)
      .replaceAll("<!--", String.raw`<\!--`),
  )
}

const policy = (scripts: ReadonlyArray<string>): string => {
  const digests = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
  return (
    `default-src 'none'; script-src ${digests.join(" ")}; style-src 'unsafe-inline'; img-src data:; connect-src ` +
    "'none'; base-uri 'none'; form-action 'none'"
  )
}
