// How does every figure look: the Vega-Lite config, and the rules that turn a drawn figure dark.
// Refuses to know any figure. A figure is drawn once, in light; the page restyles it, so that print is light again.
import type { Config } from "vega-lite"
import { category, note, order, published, type Ink } from "./palette.ts"

/** The family resvg is given; a browser without it takes the next. */
export const FONT = "DejaVu Sans"
const FONTS = `${FONT}, Verdana, sans-serif`

const text: Ink = { light: "#1d2127", dark: "#e4e7eb" }
const quiet: Ink = { light: "#4a525c", dark: "#aab2bc" }
const line: Ink = { light: "#8a929c", dark: "#707984" }
const grid: Ink = { light: "#e6e9ed", dark: "#2a3038" }
// What Vega-Lite paints the shapes of a legend that has no colours.
const bare: Ink = { light: "black", dark: "#aab2bc" }

/** The Vega-Lite config of every figure. */
export const config: Config = {
  font: FONTS,
  background: "transparent",
  padding: 6,
  title: {
    font: FONTS,
    anchor: "start",
    color: text.light,
    fontSize: 14,
    fontWeight: "bold",
    subtitleColor: quiet.light,
    subtitleFont: FONTS,
    subtitleFontSize: 11,
    subtitlePadding: 4,
    offset: 10,
  },
  axis: {
    labelColor: quiet.light,
    labelFontSize: 11.5,
    labelPadding: 5,
    labelLimit: 90,
    labelOverlap: true,
    titleColor: text.light,
    titleFontSize: 12.5,
    titleFontWeight: "normal",
    titlePadding: 9,
    domainColor: line.light,
    tickColor: line.light,
    tickSize: 4,
    gridColor: grid.light,
  },
  legend: {
    orient: "top",
    direction: "horizontal",
    labelColor: quiet.light,
    labelFontSize: 11.5,
    titleColor: text.light,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titleOrient: "left",
    titlePadding: 10,
    columnPadding: 14,
    rowPadding: 4,
    symbolSize: 70,
    symbolStrokeWidth: 2,
    padding: 0,
    offset: 12,
  },
  view: { stroke: line.light, strokeOpacity: 0.45 },
}

/** Two legends stand one under the other. Vega reads this; Vega-Lite has no word for it. */
export const legendLayout = { top: { direction: "vertical", margin: 6 } } as const

/** CSS for figures inside `scope` on a dark page: each light colour becomes its dark partner. */
export const darkFigures = (scope: string): string =>
  [...category, ...order, note, published, text, quiet, line, grid, bare]
    .map(({ light, dark }) => `${scope} [fill="${light}"]{fill:${dark}}${scope} [stroke="${light}"]{stroke:${dark}}`)
    .join("\n")
