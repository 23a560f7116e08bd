// `npm run bench:compute`: the compute core beside PyTorch, row by row.
//   --json            the rows as JSON lines, each as soon as it is measured
//   --only PATTERN    rows whose work matches this regular expression
//   --rounds N        how often ours and the peer take turns; 3 unless said
//   --record          keeps the table in RESULTS.md and recorded.json; for whole tables with PyTorch only
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { findPeer } from "../peers/python.ts"
import { type Bench, type Entry, entryOf } from "./bench.ts"
import { measure, runOurs } from "./measure.ts"
import { record, recorded } from "./record.ts"
import { peak, problem, rows } from "./rows.ts"
import { captionOf, tableOf } from "./table.ts"

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    record: { type: "boolean", default: false },
  },
})
const rounds = Number(options.rounds)
const say = (text: string): boolean => process.stderr.write(`${text}\n`)

const found = findPeer()
const python = typeof found === "string" ? undefined : found
const refused =
  options.record && (python === undefined || options.only !== "")
    ? "--record is for a whole table, with PyTorch"
    : !(rounds >= 1)
      ? "--rounds is a number from 1"
      : undefined
if (refused !== undefined) {
  say(refused)
  process.exit(2)
}
const last = python === undefined ? recorded() : undefined
if (typeof found === "string")
  say(
    `no PyTorch (${found})` +
      (last === undefined ? ", and none recorded" : `: the peer's figures are those of ${last.date}, ${last.machine}`),
  )

const directory = mkdtempSync(join(tmpdir(), "bench-"))
process.on("exit", () => rmSync(directory, { recursive: true, force: true }))
const file = join(directory, "problem.safetensors")
await runOurs(problem(file))

const { ours, peer } = await measure(peak, python, rounds)
const flops = peak.flop / Math.min(ours.seconds, peer?.seconds ?? Infinity)

const entries: Array<Entry> = []
for (const row of rows(file).filter(({ work }) => new RegExp(options.only, "i").test(work))) {
  try {
    const entry = entryOf(
      row,
      await measure(row, python, rounds),
      flops,
      last?.entries.find(({ work }) => work === row.work),
    )
    entries.push(entry)
    if (options.json) process.stdout.write(`${JSON.stringify(entry)}\n`)
    else say(`${entries.length}. ${row.work}`)
  } catch (error) {
    say(`${row.work} failed: ${String(error)}`)
    process.exitCode = 1
  }
}

const versionOf = (name: string): string =>
  (
    JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")) as {
      readonly version: string
    }
  ).version
const bench: Bench = {
  machine: `${cpus().length} x ${cpus()[0]!.model}`,
  versions: {
    Node: process.versions.node,
    "ONNX Runtime": versionOf("onnxruntime-node"),
    ...(python === undefined ? {} : { PyTorch: python.version }),
  },
  date: new Date().toISOString().slice(0, 10),
  rounds,
  peak: flops,
  peersOf: last === undefined ? null : `${last.date}, ${last.machine}`,
  entries,
}
if (!options.json) process.stdout.write(`${tableOf(entries)}\n\n${captionOf(bench)}\n`)
if (options.record && process.exitCode === undefined) record(bench)
