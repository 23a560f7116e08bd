// The numbers of a night's work, kept as a table: do they bear out the claims that are made of them at that scale?
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { fromCSV } from "arquero"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { judge } from "../../pipeline/check.ts"
import { load } from "../../pipeline/load.ts"
import type { Table } from "../../pipeline/stage.ts"
import { quantitiesOf } from "../../specs/geiger/phase-claims.ts"
import { estimateOf } from "../../stages/analysis/quantities.ts"

const root = resolve(import.meta.dirname, "../..")
const frame = fromCSV(readFileSync(resolve(root, "test/golden/medium.csv"), "utf8"))
const table = Object.fromEntries(frame.columnNames().map((name) => [name, Array.from(frame.array(name) as Iterable<number | string | boolean>)])) as Table
const scales = [...new Set(table["sqrtHAlpha"] as ReadonlyArray<number>)]

test("every claim that these runs give a number for holds at medium scale", async () => {
  const { built } = await Effect.runPromise(load(resolve(root, "specs/paper.ts"), { scale: "medium" }))
  const summary = quantitiesOf(scales).map((quantity) => ({ name: quantity.name, ...estimateOf(quantity, table) }))
  const told = summary.filter(({ value }) => !Number.isNaN(value))
  expect(told.length).toBeGreaterThanOrEqual(8)
  const columns = { quantity: told.map(({ name }) => name), value: told.map(({ value }) => value), spread: told.map(({ spread }) => spread) }
  for (const { name } of told) {
    const check = built.checks.find(({ id }) => id === name)!
    expect(judge(check, columns, "medium"), name).toMatchObject({ asDeclared: true })
  }
})

test("each run has fitted all its points", () => {
  expect(new Set(table["converged"])).toEqual(new Set([true]))
})
