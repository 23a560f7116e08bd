// `npm run record:paper`: from a finished run of specs/paper.ts, writes beside the spec what came of each claim, and
// which figure took how long. Computes nothing: what is no hit is said and left out.
//   --store DIR       the run's store; .pipeline unless said
import { readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { claimRows, finishedOf, secondsByFigure } from "./paper/finished.ts"

const { values: options } = parseArgs({ options: { store: { type: "string", default: ".pipeline" } } })
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const finished = await Effect.runPromise(
  Effect.provide(
    finishedOf(here("../../specs/paper.ts"), options.store),
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

const place = here("../../specs/paper.claims.md")
const [before, after] = ["<!-- claims -->", "<!-- end of claims -->"]
const text = readFileSync(place, "utf8")
const claims = markdown(["figure", "claim", "published", "measured", "expected", "verdict"], rows)
writeFileSync(
  place,
  `${text.slice(0, text.indexOf(before) + before.length)}\n${claims}\n${text.slice(text.indexOf(after))}`,
)

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
  here("../../specs/paper.seconds.md"),
  `# What each figure takes at quick scale\n\nWritten by \`npm run record:paper\`. Nodes that several figures ` +
    `share are counted where they come first. One figure alone: \`npx pipeline run specs/paper.ts --until ` +
    `figure/3a\`.\n\n${seconds}\n\n${machine}.\n`,
)
process.stdout.write(`${claims}\n\n${seconds}\n`)
