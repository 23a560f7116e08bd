// The tables that are kept in test/golden, and the claims of the scale `medium` judged by summaries of them.
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { fromCSV } from "arquero"
import { Effect } from "effect"
import { judge, type Judged } from "../../pipeline/check.ts"
import { load } from "../../pipeline/plan/load.ts"
import type { StageNode } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"
import type { Quantity } from "../../stages/statistics/quantity.ts"
import type { SummarizeParams } from "../../stages/statistics/summarize.ts"

const root = resolve(import.meta.dirname, "../..")

export const golden = (name: string): Table => {
  const frame = fromCSV(readFileSync(resolve(root, `test/golden/${name}.csv`), "utf8"))
  return Object.fromEntries(
    frame.columnNames().map((name) => [name, Array.from(frame.array(name) as Iterable<number | string | boolean>)]),
  ) as Table
}

const { built, plan } = await Effect.runPromise(load(resolve(root, "specs/paper.ts"), { scale: "medium" }))

/** The quantities that a node of the spec computes. */
export const quantitiesOf = (node: string): ReadonlyArray<Quantity> =>
  ((plan.byName.get(node) as StageNode).params as unknown as SummarizeParams).quantities

/** The claims that the rows of a summary judge. */
export const judgedBy = (summary: Table): ReadonlyArray<Judged> =>
  summary["quantity"]!.map((name) =>
    judge(
      built.checks.find(({ id }) => id === name)!,
      summary,
      "medium",
    ),
  )
