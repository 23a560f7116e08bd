// The numbers of a night's work, kept as a table: do they bear out the claims that are made of them at that scale?
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { fromCSV } from "arquero"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { judge } from "../../pipeline/check.ts"
import { load } from "../../pipeline/plan/load.ts"
import type { StageNode } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import { estimateOf } from "../../stages/statistics/quantities.ts"
import type { SummarizeParams } from "../../stages/statistics/summarize.ts"

const root = resolve(import.meta.dirname, "../..")
const frame = fromCSV(readFileSync(resolve(root, "test/golden/medium.csv"), "utf8"))
const table = Object.fromEntries(
  frame.columnNames().map((name) => [name, Array.from(frame.array(name) as Iterable<number | string | boolean>)]),
) as Table

// Two widths an octave apart and three nets of each: t1 in the lazy regime differs more from net to net than between
// them.
test("at medium scale nothing contradicts; three nets and one octave of widths cannot tell of collapses", async () => {
  const { built, plan } = await Effect.runPromise(load(resolve(root, "specs/paper.ts"), { scale: "medium" }))
  const { params } = plan.byName.get("summarize/of=phase") as StageNode
  const { quantities } = params as unknown as SummarizeParams
  const summary = quantities.map((quantity) => ({ name: quantity.name, ...estimateOf(quantity, table) }))
  const columns = {
    quantity: summary.map(({ name }) => name),
    value: summary.map(({ value }) => value),
    spread: summary.map(({ spread }) => spread),
  }
  const judged = summary.map(({ name }) =>
    judge(
      built.checks.find(({ id }) => id === name)!,
      columns,
      "medium",
    ),
  )
  expect(judged.length).toBe(15)
  const others = judged.flatMap(({ check: { id }, verdict }) => (verdict === "agrees" ? [] : [[id, verdict]]))
  expect(Object.fromEntries(others)).toEqual({
    "kernel-collapse-lazy": "open",
    "kernel-collapse-feature": "open",
    "t1-slope-feature": "excludes",
    "t1-collapse-feature": "open",
    "t1-collapse-lazy": "open",
    "weight-slope-lazy": "excludes",
  })
})

test("there are three nets of each width at every scale", () => {
  const cells = Map.groupBy(table["h"]!.keys(), (row) => `${table["h"]![row]} ${table["sqrtHAlpha"]![row]}`)
  expect([...cells.values()].map((rows) => rows.length)).toEqual(Array.from({ length: 16 }, () => 3))
})

test("each run has fitted all its points", () => {
  expect(new Set(table["converged"])).toEqual(new Set([true]))
})
