// `npm run bench:engine`: what the engine itself costs, on graphs of nodes that compute nearly nothing.
//   --json            the rows as JSON lines, each as soon as it is measured
//   --only PATTERN    rows whose work matches this regular expression
//   --rounds N        how often each is measured; the least counts; 3 unless said
//   --record          keeps the table in RESULTS.md; for whole tables only
import { mkdtempSync, rmSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { rows } from "./engine/rows.ts"
import { captionOf, tableOf, type Entry } from "./engine/table.ts"
import { recordChapter } from "./record.ts"

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    record: { type: "boolean", default: false },
  },
})
const rounds = Number(options.rounds)
if ((options.record && options.only !== "") || !(rounds >= 1)) {
  process.stderr.write("--rounds is a number from 1, and --record is for a whole table\n")
  process.exit(2)
}

const directory = mkdtempSync(join(tmpdir(), "bench-"))
process.on("exit", () => rmSync(directory, { recursive: true, force: true }))

const entries: Array<Entry> = []
for (const row of rows(directory).filter(({ work }) => new RegExp(options.only, "i").test(work))) {
  const measured: Array<number> = []
  for (let round = 0; round < rounds; round++) measured.push(await row.measure())
  const ours = row.atLeast ? Math.max(...measured) : Math.min(...measured)
  const entry: Entry = {
    work: row.work,
    ours,
    target: row.target,
    ratio: row.atLeast ? ours / row.target : row.target / ours,
    unit: row.unit,
  }
  entries.push(entry)
  if (options.json) process.stdout.write(`${JSON.stringify(entry)}\n`)
  else process.stderr.write(`${entries.length}. ${row.work}\n`)
}
const caption = captionOf({
  machine: `${cpus().length} x ${cpus()[0]!.model}`,
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  rounds,
})
if (!options.json) process.stdout.write(`${tableOf(entries)}\n\n${caption}\n`)
if (options.record)
  recordChapter(
    "# The engine",
    "Written by `npm run bench:engine -- --record`, down to the next heading.",
    tableOf(entries),
    caption.replaceAll("\n", "\n\n"),
  )
