import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { estimateOf } from "./quantities.ts"
import type { SummarizeParams } from "./summarize.ts"

export const run = ({ params: { quantities }, inputs: { table } }: Given<SummarizeParams, { readonly table: Table }>): Effect.Effect<{ summary: Table }, StageError> => {
  const estimates = quantities.map((quantity) => estimateOf(quantity, table))
  return Effect.succeed({
    summary: {
      quantity: quantities.map(({ name }) => name),
      value: estimates.map(({ value }) => value),
      spread: estimates.map(({ spread }) => spread),
    },
  })
}
