// The last bench that was recorded: recorded.json, for where there is no PyTorch, and RESULTS.md, for people. What is
// written by hand in RESULTS.md, from its marker on, is kept.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { Bench } from "./bench.ts"
import { captionOf, tableOf } from "./table.ts"

const json = new URL("recorded.json", import.meta.url)
const results = new URL("RESULTS.md", import.meta.url)
const marker = "## What bounds what"

export const recorded = (): Bench | undefined => (existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as Bench) : undefined)

export const record = (bench: Bench): void => {
  const before = existsSync(results) ? readFileSync(results, "utf8") : ""
  const kept = before.includes(marker) ? before.slice(before.indexOf(marker)) : `${marker}\n`
  const head = "# The compute core against PyTorch\n\nWritten by `npm run bench:compute -- --record`, down to the next heading."
  writeFileSync(results, `${head}\n\n${tableOf(bench.entries)}\n\n${captionOf(bench).replaceAll("\n", "\n\n")}\n\n${kept}`)
  writeFileSync(json, `${JSON.stringify(bench, null, 2)}\n`)
}
