// Computes every quantity from the table.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { estimateOf, summaryOf } from "./quantities.ts"
import type { SummarizeParams } from "./summarize.ts"

export const run = ({
  params: { quantities },
  inputs: { table },
}: Given<SummarizeParams, { readonly table: Table }>): Effect.Effect<{ summary: Table }, StageError> =>
  Effect.succeed({ summary: summaryOf(quantities, (quantity) => estimateOf(quantity, table)) })
