// Computes each quantity from all replicas, and its interval from the tables that leave one replica out.
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import { estimateOf, summaryOf } from "./quantities.ts"
import type { Quantity } from "./quantity.ts"
import { lengthOf, rowsWhere } from "./filter.ts"
import { estimate } from "./scaling.ts"
import type { SummarizeParams } from "./summarize.ts"

type Inputs = { readonly table: Table; readonly without: Table }

export const run = Effect.fnUntraced(function* ({
  params: { quantities },
  inputs: { table, without },
}: Given<SummarizeParams, Inputs>): Effect.fn.Return<{ summary: Table }, StageError> {
  const places = yield* sourceMapOf(table, without)
  return {
    summary: summaryOf(quantities, (quantity) => ({
      value: estimateOf(quantity, table).value,
      spread: continuous[quantity.of] ? spreadOf(quantity, places) : Number.NaN,
    })),
  }
})

/** Does a quantity change little where its numbers change little? */
const continuous: Readonly<Record<Quantity["of"], boolean>> = {
  slope: true,
  "slope difference": true,
  mean: true,
  difference: true,
  distance: true,
  ratio: true,
  collapse: false,
  variation: false,
  jump: false,
  rank: false,
  crossing: false,
  crossings: false,
  largest: false,
  smallest: false,
  "least difference": false,
  trend: false,
  count: false,
}

/** The tables without each replica in turn. */
const sourceMapOf = (table: Table, without: Table): Effect.Effect<ReadonlyArray<Table>, StageError> => {
  const column = without["without"]
  if (column === undefined)
    return wanting("the rows without a replica have no column `without` that says which replica is left out")
  const places = [...new Set(column)].map((place) => rowsWhere(without, { without: place }))
  const short = places.findIndex((rows) => lengthOf(rows) !== lengthOf(table))
  return short < 0
    ? Effect.succeed(places)
    : wanting(
        `without replica ${short} there are ${lengthOf(places[short]!)} rows, but ${lengthOf(table)} with all: ` +
          "do all groups have the same number of replicas?",
      )
}

const wanting = (message: string) => Effect.fail(new StageError({ reason: "InvalidInput", message }))

const spreadOf = (quantity: Quantity, places: ReadonlyArray<Table>): number => {
  // Without one of two nets only one net is left, and one net is no ensemble.
  if (places.length < 3) return Number.NaN
  // Leaving out one net moves a mean by that net's distance from the mean, divided by R - 1. The factor R - 1 restores
  // the distances of the nets themselves.
  return (places.length - 1) * estimate(places.map((rows) => estimateOf(quantity, rows).value)).spread
}
