// Shows how the results were made: config, versions, machine, stages, the graph, and commands that show more.
// Knows nothing about runs; the caller gives plain data.
import type { Made } from "../content.ts"
import { html, raw, type Content, type Html } from "../html.ts"
import { byteSize, duration } from "../number.ts"

/** A table that scrolls if the page is narrow. */
export const table = (
  caption: string,
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Content>>,
): Html => html`
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
  ([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
)}</tbody></table></div>`

const code = (text: string): Html => html`<code>${text}</code>`

const outcomes = ["hit", "joined", "run", "failed", "skipped"] as const

const counted = ({ counts, nodes }: Made): string =>
  `${nodes} nodes: ${outcomes.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ")}`

const acceptedList = ({ accepted }: Made): Html =>
  html`<h3 id="accepted">Accepted without recomputing</h3><ul>${accepted.map(
    ({ stage, nodes, what, by, when, because }) => {
      const day = when.slice(0, 10)
      const word = nodes === 1 ? "node" : "nodes"
      return html`<li>${nodes} ${word} of ${code(stage)} (${what}) by ${by} on ${day}: ${because}</li>`
    },
  )}</ul>`

/** The last section of a page. */
export const madeSection = (
  made: Made,
): Html => html`<p>${code(made.spec)} at the scale ${code(made.scale)}, ${made.date.slice(0, 10)}. ${counted(made)}.
This run took ${duration(made.seconds)}; what it shows took ${duration(made.computeSeconds)} of computing.</p>
${made.accepted.length > 0 && acceptedList(made)}
${
  made.commands.length > 0 &&
  html`<h3 id="deeper">Look deeper</h3><dl class="commands">${made.commands.map(
    ({ text, command }) => html`<div><dt>${text}</dt><dd>${code(command)}</dd></div>`,
  )}</dl>`
}
<h3 id="graph">Graph</h3>
<div class="graph" tabindex="0" role="region" aria-label="Graph of stages">${raw(made.graph)}</div>
${table(
  "Stages",
  ["Stage", "Nodes", "Time", "Peak memory of a worker"],
  made.stages.map((stage) => [stage.name, stage.nodes, duration(stage.seconds), byteSize(stage.peakMemory)]),
)}
${table(
  "Config",
  ["Name", "Value", "Meaning"],
  made.config.map(({ name, value, description }) => [code(name), code(byEnds(value)), description]),
)}
<div class="pair">${table(
  "Versions",
  ["Package", "Version"],
  made.versions.map(({ name, version }) => [name, version]),
)}
${table(
  "Machine",
  ["Name", "Value"],
  made.machine.map(({ name, value }) => [name, value]),
)}</div>`

/** A list of more than a dozen values by its ends; `claims.json` has them all. */
const byEnds = (value: string): string => {
  const items = value.split(", ")
  return items.length <= 12 ? value : `${items.slice(0, 3).join(", ")}, …, ${items.at(-1)!} (${items.length} values)`
}
