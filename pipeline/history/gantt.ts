// The timeline of a run as a picture: a bar per node in its lane, with the critical path outlined. Gives an SVG, or a
// page around it. Pure: from a table of bars to text. Knows nothing about how the bars are computed.
import { criticalPath, timelineSummary } from "./message.ts"
import type { Bar, Timeline } from "./timeline.ts"
import { seconds } from "../text/amount.ts"

const width = 1000
const laneHeight = 24
const axisHeight = 28
const legendHeight = 24
/** Ten colours that colour-blind readers can tell apart, too. */
const colours = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#d55e00",
  "#f0e442",
  "#999999",
  "#882255",
  "#44aa99",
]
const perCharacter = 6.2

const stageOf = ({ node }: Bar): string => node.split("/")[0]!

/** Only the picture. Text and lines take the text colour of the page. */
export const gantt = (timeline: Timeline): string => {
  const { bars, lanes, seconds: length } = timeline
  const stages = [...new Set(bars.map(stageOf))]
  const colourOf = (stage: string): string => colours[stages.indexOf(stage) % colours.length]!
  const x = (at: number): number => (length === 0 ? 0 : (at / length) * width)
  const bottom = lanes * laneHeight
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width + 2} ` +
      `${bottom + axisHeight + legendHeight}" font-family="DejaVu Sans, sans-serif" font-size="11" ` +
      `fill="currentColor">`,
    ...ticks(length).map(
      (at) =>
        `<path d="M${round(x(at))} 0V${bottom + 4}" stroke="currentColor" opacity="0.25"/><text ` +
        `x="${round(x(at))}" y="${bottom + 16}">${escape(seconds(at))}</text>`,
    ),
    ...bars.map((bar) => drawn(bar, x, colourOf(stageOf(bar)))),
    ...stages.map((stage, i) => {
      const left = (i * width) / Math.max(stages.length, 1)
      return (
        `<rect x="${round(left)}" y="${bottom + axisHeight}" width="10" height="10" ` +
        `fill="${colourOf(stage)}"/><text x="${round(left + 14)}" ` +
        `y="${bottom + axisHeight + 9}">${escape(stage)}</text>`
      )
    }),
    "</svg>",
    "",
  ].join("\n")
}

const drawn = (bar: Bar, x: (at: number) => number, colour: string): string => {
  const { node, from, to, lane, critical, failed } = bar
  const wide = Math.max(x(to) - x(from), 1)
  const room = Math.floor((wide - 6) / perCharacter)
  const label = room < 3 ? "" : node.length <= room ? node : `${node.slice(0, room - 1)}…`
  const outline = critical ? ' stroke="currentColor" stroke-width="2"' : ""
  const rect =
    `<rect x="${round(x(from))}" y="${lane * laneHeight + 2}" width="${round(wide)}" height="${laneHeight - 4}" ` +
    `fill="${colour}" fill-opacity="${failed ? 0.25 : 0.7}"${outline}/>`
  const text =
    label === "" ? "" : `<text x="${round(x(from) + 3)}" y="${lane * laneHeight + 16}">${escape(label)}</text>`
  return `<g><title>${escape(`${node}  ${seconds(to - from)}${failed ? ", failed" : ""}`)}</title>${rect}${text}</g>`
}

/** About eight round times, beginning at 0. */
const ticks = (length: number): ReadonlyArray<number> => {
  if (length === 0) return [0]
  const rough = length / 8
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((each) => each * power >= rough)!
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step)
}

/** A page with the picture and the nodes of the critical path. */
export const ganttPage = (title: string, timeline: Timeline): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 "DejaVu Sans", sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
td { padding-right: 2rem }
</style>
<h1>${escape(title)}</h1>
<p>${escape(timelineSummary(timeline))}</p>
${gantt(timeline)}<h2>${escape(criticalPath)}</h2>
<table>
${timeline.bars
  .filter(({ critical }) => critical)
  .map(
    ({ node, from, to }) =>
      `<tr><td>${escape(node)}</td><td>${escape(seconds(from))}</td><td>${escape(seconds(to - from))}</td></tr>`,
  )
  .join("\n")}
</table>
</html>
`

const round = (value: number): string => String(Math.round(value * 100) / 100)

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
