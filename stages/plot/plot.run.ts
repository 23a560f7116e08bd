// Builds the Vega-Lite specification of a figure.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { figure } from "../../report/figure.ts"
import type { PlotParams } from "./plot.ts"

export const run = ({
  params,
  inputs,
}: Given<PlotParams, { readonly table: Table }>): Effect.Effect<{ figure: unknown }, StageError> =>
  Effect.sync(() => ({ figure: figure({ ...params, data: inputs.table }) }))
