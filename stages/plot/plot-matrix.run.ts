// Builds the Vega-Lite specification of a picture of matrices.
import { Effect } from "effect"
import type { Given, StageError, Table } from "../../pipeline/stage.ts"
import { matrix } from "../../report/matrix.ts"
import type { PlotMatrixParams } from "./plot-matrix.ts"

export const run = ({
  params,
  inputs,
}: Given<PlotMatrixParams, { readonly table: Table }>): Effect.Effect<{ figure: unknown }, StageError> =>
  Effect.sync(() => ({ figure: matrix({ ...params, data: inputs.table }) }))
