// The last bench that was recorded: recorded.json, for where there is no PyTorch, and RESULTS.md, for people. What is
// written by hand in RESULTS.md, from a chapter's first heading on, is kept.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { Bench } from "./bench.ts"
import { captionOf, tableOf } from "./table.ts"

const json = new URL("recorded.json", import.meta.url)
const results = new URL("RESULTS.md", import.meta.url)

export const recorded = (): Bench | undefined =>
  existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as Bench) : undefined

/**
 * Writes a chapter of RESULTS.md anew; what was written by hand under its own headings is kept, and so are other
 * chapters.
 */
export const recordChapter = (title: string, ...paragraphs: ReadonlyArray<string>): void => {
  const before = existsSync(results) ? readFileSync(results, "utf8") : ""
  const chapters = before.split(/^(?=# )/m).filter((chapter) => chapter !== "")
  const last = chapters.find((chapter) => chapter.startsWith(`${title}\n`))
  const byHand = last?.match(/^## [^]*/m)?.[0] ?? ""
  const chapter = `${[title, ...paragraphs].join("\n\n").trimEnd()}\n${byHand === "" ? "" : `\n${byHand.trimEnd()}\n`}`
  const others = chapters.map((each) => (each === last ? chapter : `${each.trimEnd()}\n`))
  writeFileSync(results, (last === undefined ? [...others, chapter] : others).join("\n"))
}

export const record = (bench: Bench): void => {
  recordChapter(
    "# The compute core against PyTorch",
    "Written by `npm run bench:compute -- --record`, down to the next heading.",
    tableOf(bench.entries),
    captionOf(bench).replaceAll("\n", "\n\n"),
  )
  writeFileSync(json, `${JSON.stringify(bench, null, 2)}\n`)
}
