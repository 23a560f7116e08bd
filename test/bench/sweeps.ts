// `npm run record:sweeps -- TABLE …`: writes tables of a finished sweep of specs/weight-movement.ts beside the spec,
// with where they come from. Computes nothing: a table that is not in the store is said and left as it is.
//   --store DIR        the store of the run; .pipeline unless said
//   --set KEY=VALUE    settings beside scale=paper, as they were given to the run; may be given several times
import { execFileSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Effect, Layer } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Store } from "../../cache/store.ts"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import { everything } from "../../pipeline/commands/choose.ts"
import { look } from "../../pipeline/commands/look.ts"
import { noPatterns, select } from "../../pipeline/plan/select.ts"
import type { Table } from "../../pipeline/stage.ts"
import { csv } from "../../report/csv.ts"

/** For each kept table its node and the output of that node. */
const TABLES: { readonly [file: string]: readonly [node: string, output: string] } = {
  "one-layer": ["weightMovement/of=one-layer", "nets"],
  "two-layers": ["weightMovement/of=two-layers", "layers"],
  "three-layers": ["weightMovement/of=three-layers", "layers"],
  "equal-units": ["weightMovement/of=equal-units", "layers"],
  heads: ["weightMovement/of=heads", "layers"],
  "head-scores": ["gather/of=head-scores", "table"],
  backbone: ["gather/of=backbone", "table"],
  "backbone-scores": ["gather/of=backbone-scores", "table"],
}
const SPEC = "specs/weight-movement.ts"

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { store: { type: "string", default: ".pipeline" }, set: { type: "string", multiple: true, default: [] } },
})
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const set = Object.fromEntries(["scale=paper", ...options.set].map((each) => each.split("=", 2) as [string, string]))

const shortened = (columns: Table): Table =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column.map((cell) => (typeof cell === "number" ? Number(cell.toPrecision(6)) : cell)),
    ]),
  )

mkdirSync(here("specs/kearns/kept"), { recursive: true })
const recorded = Effect.gen(function* () {
  const { get } = yield* Store
  const files = positionals.length === 0 ? Object.keys(TABLES) : positionals
  const wanted = { ...everything, until: files.map((file) => TABLES[file]![0]) }
  const { loaded, predicted } = yield* look({ spec: here(SPEC), set, store: options.store }, wanted)
  for (const file of files) {
    const [name, output] = TABLES[file]!
    const node = loaded.plan.byName.get(name)
    const made = node === undefined ? undefined : predicted.get(node)
    const stored = made?._tag === "Hit" ? made.outputs.find((each) => each.name === output) : undefined
    if (stored === undefined) {
      process.stdout.write(`${file}: ${name} has not been computed with these settings\n`)
      continue
    }
    const table = codecs.table.decode(yield* get(stored.digest)) as Table
    const { plan, leftOut } = select(loaded.plan, { ...noPatterns, until: [name] })
    const behind = plan.nodes.flatMap((each) => {
      const hit = leftOut.has(each) || each._tag !== "StageNode" ? undefined : predicted.get(each)
      return hit?._tag === "Hit" ? [hit.seconds] : []
    })
    const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" }).trim()
    const more = options.set.map((each) => ` --set ${each}`).join("")
    const lines = [
      `# The table \`${output}\` of ${name}, at scale paper of ${SPEC}. Numbers have six digits.`,
      `# ${behind.length} nodes, ${behind.reduce((a, b) => a + b, 0).toFixed(0)} core-seconds in all, on ` +
        `${cpus().length} x ${cpus()[0]!.model}, Node ${process.versions.node}; recorded on ` +
        `${new Date().toISOString().slice(0, 10)} at commit ${commit}.`,
      `# Again: npx pipeline run ${SPEC} --set scale=paper${more} --until ${name} && ` +
        `npm run record:sweeps -- ${file}${more}`,
    ]
    writeFileSync(here(`specs/kearns/kept/${file}.csv`), `${lines.join("\n")}\n${csv(shortened(table))}`)
    process.stdout.write(`${file}: ${behind.length} nodes, ${Object.values(table)[0]!.length} rows\n`)
  }
})
await Effect.runPromise(
  Effect.provide(recorded, Layer.merge(diskLayer(options.store), diskJournal(join(options.store, "journal")))),
)
