// The looks of every figure: the Vega-Lite config, and the CSS rules that make a drawn figure dark.
// Knows nothing about single figures. A figure is drawn once in light colours; the page changes the colours by CSS, so
// a printed figure is light again.
import type { Config } from "vega-lite"
import { category, note, order, published, type Ink } from "./palette.ts"

/** The font family for resvg. A browser without this family uses the next one in the list. */
export const FONT = "DejaVu Sans"
const FONTS = `${FONT}, Verdana, sans-serif`

const text: Ink = { light: "#1d2127", dark: "#e4e7eb" }
const quiet: Ink = { light: "#4a525c", dark: "#aab2bc" }
const line: Ink = { light: "#8a929c", dark: "#707984" }
const grid: Ink = { light: "#e6e9ed", dark: "#2a3038" }
// The colour that Vega-Lite gives to the shapes of a legend without colours.
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

/** Places two legends one below the other. Vega reads this setting; Vega-Lite has no name for it. */
export const legendLayout = { top: { direction: "vertical", margin: 6 } } as const

/** CSS for figures inside `scope` on a dark page: each light colour becomes its dark form. */
export const darkFigures = (scope: string): string =>
  [...category, ...order, note, published, text, quiet, line, grid, bare]
    .map(({ light, dark }) => `${scope} [fill="${light}"]{fill:${dark}}${scope} [stroke="${light}"]{stroke:${dark}}`)
    .join("\n")
