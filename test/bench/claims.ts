// `npm run record:claims -- specs/paper.ts`: from a finished run of a spec, writes beside the spec what came of each
// claim, and which figure took how long. Computes nothing: what is no hit is said and left out.
//   --store DIR       the run's store; .pipeline unless said
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { claimRows, finishedOf, secondsByFigure, tallyOf } from "./claims/finished.ts"

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { store: { type: "string", default: ".pipeline" } },
})
const [spec = "specs/paper.ts"] = positionals
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const finished = await Effect.runPromise(
  Effect.provide(
    finishedOf(here(`../../${spec}`), options.store),
    Layer.merge(diskLayer(options.store), diskJournal(join(options.store, "journal"))),
  ),
)
const rows = claimRows(finished)
const markdown = (columns: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [columns, columns.map(() => "---"), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")
const today = new Date().toISOString().slice(0, 10)
const machine = `${cpus().length} x ${cpus()[0]!.model}, Node ${process.versions.node}, ${today}`

const beside = (ending: string): string => here(`../../${spec.replace(/\.ts$/, ending)}`)
const place = beside(".claims.md")
/** Replaces the text between two marks of a file. */
const fill = (file: string, name: string, content: string): void => {
  const text = readFileSync(file, "utf8")
  const [before, after] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(before), text.indexOf(after)]
  if (from < 0 || to < 0) throw new Error(`${file} has no marks ${before} and ${after}`)
  writeFileSync(file, `${text.slice(0, from + before.length)}\n${content}\n${text.slice(to)}`)
}
const claims = markdown(["figure", "claim", "kind", "published", "measured", "expected", "verdict"], rows)
fill(place, "claims", claims)
const tally = tallyOf(finished)
fill(place, "tally", tally.join(" "))
if (spec === "specs/paper.ts") fill(here("../../README.md"), "tally", tally.slice(0, -1).join(" "))

const figures = secondsByFigure(finished)
const total = figures.reduce((sum, { seconds }) => sum + seconds, 0)
const seconds = markdown(
  ["figure", "nodes", "core-seconds"],
  [
    ...figures.map(({ id, nodes, seconds }) => [id, `${nodes}`, seconds.toFixed(0)]),
    ["all", `${figures.reduce((sum, { nodes }) => sum + nodes, 0)}`, total.toFixed(0)],
  ],
)
writeFileSync(
  beside(".seconds.md"),
  `# What each figure takes at quick scale\n\nWritten by \`npm run record:claims -- ${spec}\`. Nodes that several ` +
    `figures share are counted where they come first. One figure alone: \`npx pipeline run ${spec} --until ` +
    `figure/${figures[0]!.id}\`.\n\n${seconds}\n\n${machine}.\n`,
)
process.stdout.write(`${claims}\n\n${seconds}\n`)
