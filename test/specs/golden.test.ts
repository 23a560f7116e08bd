// The numbers of a night's work, kept as a table: do they bear out the claims that are made of them at that scale?
import { expect, test } from "vitest"
import type { Table } from "../../pipeline/stage.ts"
import { run as rescale } from "../../stages/statistics/rescale.run.ts"
import { estimateOf, summaryOf } from "../../stages/statistics/quantities.ts"
import { perform } from "../stages/perform.ts"
import { golden, judgedBy, quantitiesOf } from "./golden.ts"

const table = golden("medium")
/** The tables of errors that the claims about figures 1c and 1d are read off, without the frozen kernels. */
const errors = { ...table, learner: table["h"]!.map(() => "net") }
const rescaled = await perform(
  rescale({ params: { x: "sqrtHAlpha", y: "testError", by: ["h"] }, inputs: { table }, seed: 0 }),
)
const tables: Readonly<Record<string, Table>> = { phase: table, lazies: table, errors, collapse: rescaled.table }

/** The claims of a table, judged by the kept numbers; claims about the frozen kernel have none. */
const judgedAt = (of: string) => {
  const quantities = quantitiesOf(`summarize/of=${of}`).filter(({ name }) => name !== "frozen-is-lazy")
  return judgedBy(summaryOf(quantities, (quantity) => estimateOf(quantity, tables[of]!)))
}

// Two widths an octave apart and three nets of each: t1 in the lazy regime differs more from net to net than between
// them.
test("at medium scale nothing contradicts; three nets and one octave of widths cannot tell of collapses", () => {
  const judged = [...judgedAt("phase"), ...judgedAt("lazies")]
  expect(judged.length).toBe(16)
  const others = judged.flatMap(({ check: { id }, verdict }) => (verdict === "agrees" ? [] : [[id, verdict]]))
  expect(Object.fromEntries(others)).toEqual({
    "kernel-collapse-lazy": "open",
    "kernel-collapse-feature": "open",
    "kernel-crossover": "excludes",
    "kernel-crossover-width": "open",
    "t1-slope-feature": "excludes",
    "t2-collapse-lazy": "open",
    "t2-width-lazy": "open",
    "weight-slope-lazy": "excludes",
  })
})

// 1,000 points do not carry all that the paper says of errors from 5,000.
test("at medium scale the error rises weakly with α, and three nets do not tell the regimes apart", () => {
  const judged = [...judgedAt("errors"), ...judgedAt("collapse")]
  const found = judged.map(({ check: { id }, measured, verdict }) => [id, Number(measured!.toPrecision(2)), verdict])
  expect(found).toEqual([
    ["feature-plateau", 0.0028, "agrees"],
    ["feature-beats-lazy", 0.0026, "open"],
    ["error-rises", 0.46, "differs"],
    ["error-collapse", 1.8, "agrees"],
  ])
})

test("there are three nets of each width at every scale", () => {
  const cells = Map.groupBy(table["h"]!.keys(), (row) => `${table["h"]![row]} ${table["sqrtHAlpha"]![row]}`)
  expect([...cells.values()].map((rows) => rows.length)).toEqual(Array.from({ length: 16 }, () => 3))
})

test("each run has fitted all its points", () => {
  expect(new Set(table["converged"])).toEqual(new Set([true]))
})
