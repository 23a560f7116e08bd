import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { estimateOf } from "./quantities.ts"
import type { Quantity } from "./quantity.ts"
import { estimate, rowsWhere } from "./scaling.ts"
import type { SummarizeParams } from "./summarize.ts"

type Inputs = { readonly table: Table; readonly without: Table }

export const run = ({ params: { quantities }, inputs: { table, without } }: Given<SummarizeParams, Inputs>): Effect.Effect<{ summary: Table }, StageError> =>
  Effect.succeed({
    summary: {
      quantity: quantities.map(({ name }) => name),
      value: quantities.map((quantity) => estimateOf(quantity, table).value),
      spread: quantities.map((quantity) => (smooth.has(quantity.of) ? spreadOf(quantity, without) : Number.NaN)),
    },
  })

/** Those that change little where one net in many changes. */
const smooth: ReadonlySet<Quantity["of"]> = new Set(["slope", "slope difference", "crossing", "mean", "difference", "distance", "ratio"])

const spreadOf = (quantity: Quantity, without: Table): number => {
  const places = [...new Set(without["without"])]
  // Of two nets the other one is left, which is no ensemble.
  if (places.length < 3) return Number.NaN
  // A net left out moves a number R - 1 times less than one net moves a mean of R.
  return (places.length - 1) * estimate(places.map((place) => estimateOf(quantity, rowsWhere(without, { without: place! })).value)).spread
}
