// Computes each quantity from all replicas, and its interval from the tables that leave one replica out.
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import { differences, estimateOf, summaryOf } from "./quantities.ts"
import type { Quantity } from "./quantity.ts"
import { lengthOf, rowsWhere } from "./filter.ts"
import { estimate, mean } from "./scaling.ts"
import type { SummarizeParams } from "./summarize.ts"

type Inputs = { readonly table: Table; readonly without: Table }

export const run = Effect.fnUntraced(function* ({
  params: { quantities },
  inputs: { table, without },
}: Given<SummarizeParams, Inputs>): Effect.fn.Return<{ summary: Table }, StageError> {
  const places = yield* leaveOneOutTables(table, without)
  return {
    summary: summaryOf(quantities, (quantity) => ({
      value: estimateOf(quantity, table).value,
      spread: continuous[quantity.of] ? spreadOf(places, smoothIn(quantity, table)) : Number.NaN,
    })),
  }
})

/** Does a quantity change little where its numbers change little? */
const continuous: Readonly<Record<Quantity["of"], boolean>> = {
  slope: true,
  power: false,
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
  "crossing power": false,
  crossings: false,
  largest: false,
  smallest: false,
  trend: false,
  "difference power": true,
  bootstrapped: false,
  count: false,
}

/** The tables without each replica in turn. */
const leaveOneOutTables = (table: Table, without: Table): Effect.Effect<ReadonlyArray<Table>, StageError> => {
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

/**
 * The number whose jackknife gives the interval. A distance |d| has a kink at zero, where the jackknife fails. Its
 * interval is that of d, with the sign that d has in the whole table.
 */
const smoothIn = (quantity: Quantity, table: Table): ((rows: Table) => number) => {
  if (quantity.of !== "distance") return (rows) => estimateOf(quantity, rows).value
  const signs = new Map(differences(quantity, table).map(({ pair, value }) => [pair, Math.sign(value) || 1]))
  return (rows) => mean(differences(quantity, rows).map(({ pair, value }) => (signs.get(pair) ?? Number.NaN) * value))
}

const spreadOf = (places: ReadonlyArray<Table>, valueIn: (rows: Table) => number): number => {
  // Without one of two nets only one net is left, and one net is no ensemble.
  if (places.length < 3) return Number.NaN
  // Leaving out one net moves a mean by that net's distance from the mean, divided by R - 1. The factor R - 1 restores
  // the distances of the nets themselves.
  const values = places.map((rows) => valueIn(rows))
  return (places.length - 1) * estimate(values).spread
}
