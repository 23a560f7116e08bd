// Draws a figure without a browser: Vega-Lite to Vega to SVG to PNG, with the same bytes every time.
// Knows nothing about tables, pages and the fonts of the machine. Text uses only the fonts of the package.
import { Resvg } from "@resvg/resvg-js"
import { Warn, logger, parse, View, type Spec } from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import { asset } from "./asset.ts"
import { html } from "./html.ts"
import { config, FONT, legendLayout } from "./theme.ts"

/** A Vega specification with the looks of the report. Throws where Vega-Lite would only warn. */
export const compiled = (figure: unknown): Spec => {
  const complaints: Array<string> = []
  const strict = logger(Warn, undefined, (_method, _level, input) => complaints.push(input.map(String).join(" ")))
  const { spec } = compile(figure as TopLevelSpec, { config, logger: strict })
  if (complaints.length > 0) throw new Error(`Vega-Lite: ${complaints.join("; ")}`)
  return { ...spec, config: { ...spec.config, legend: { ...spec.config?.legend, layout: legendLayout } } }
}

/** The drawing as SVG, with a description for readers who cannot see it. */
export const svgOf = async (spec: Spec): Promise<string> => {
  const view = new View(parse(spec), { renderer: "none", logLevel: Warn })
  try {
    return renumbered(await view.toSVG()).replace(
      "<svg ",
      () => html`<svg role="img" aria-label="${spec.description}" `.text,
    )
  } finally {
    view.finalize()
  }
}

// Vega numbers clip paths from the start of the process. This function numbers them from the start of the drawing, so
// the ids are always the same.
const renumbered = (svg: string): string => {
  const ids = new Map<string, string>()
  return svg.replaceAll(/(url\(#|id=")((?:clip|gradient)[_\d]+)/g, (_, before: string, id: string) => {
    if (!ids.has(id)) ids.set(id, `def${ids.size}`)
    return before + ids.get(id)!
  })
}

// Text without a font disappears without an error. The font files are therefore named, and system fonts are not used.
const fontFiles = (): Array<string> =>
  ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"].map((face) => asset("dejavu-fonts-ttf", `ttf/${face}.ttf`))

/** The drawing as PNG on white, with two pixels for each point. */
export const pngOf = (svg: string): Uint8Array =>
  new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: FONT, sansSerifFamily: FONT },
  })
    .render()
    .asPng()
