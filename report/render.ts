// How is a figure drawn without a browser: Vega-Lite to Vega to SVG to PNG, the same bytes each time.
// Refuses to know tables and pages, and the fonts of the machine: text is drawn with the package's or not at all.
import { Resvg } from "@resvg/resvg-js"
import { Warn, logger, parse, View, type Spec } from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import { asset } from "./asset.ts"
import { html } from "./html.ts"
import { config, FONT, legendLayout } from "./theme.ts"

/** A Vega specification with the looks of the report; throws on anything Vega-Lite would only warn of. */
export const compiled = (figure: unknown): Spec => {
  const complaints: Array<string> = []
  const strict = logger(Warn, undefined, (_method, _level, input) => complaints.push(input.map(String).join(" ")))
  const { spec } = compile(figure as TopLevelSpec, { config, logger: strict })
  if (complaints.length > 0) throw new Error(`Vega-Lite: ${complaints.join("; ")}`)
  return { ...spec, config: { ...spec.config, legend: { ...spec.config?.legend, layout: legendLayout } } }
}

/** The drawing as SVG, with its description for who cannot see it. */
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

// Vega counts its clip paths from the start of the process; counted from the start of the drawing they are always the
// same.
const renumbered = (svg: string): string => {
  const ids = new Map<string, string>()
  return svg.replaceAll(/(url\(#|id=")((?:clip|gradient)[_\d]+)/g, (_, before: string, id: string) => {
    if (!ids.has(id)) ids.set(id, `def${ids.size}`)
    return before + ids.get(id)!
  })
}

// Text without a font vanishes without an error, so the files are named and nothing of the system is used.
const fontFiles = (): Array<string> =>
  ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"].map((face) => asset("dejavu-fonts-ttf", `ttf/${face}.ttf`))

/** The drawing as PNG on white, two pixels to a point. */
export const pngOf = (svg: string): Uint8Array =>
  new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: FONT, sansSerifFamily: FONT },
  })
    .render()
    .asPng()
