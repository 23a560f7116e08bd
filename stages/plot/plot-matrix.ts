// A table of entries as a picture of matrices: a Vega-Lite specification with its data in it. Drawing it is the page's.
import { Schema } from "effect"
import { Json, stage, Table } from "../../pipeline/stage.ts"
import type { MatrixOptions } from "../../report/matrix.ts"

/** What matrix.ts takes, but the data; plain data, whose columns matrix.ts looks up itself. */
export type PlotMatrixParams = Omit<MatrixOptions, "data">
const PlotMatrixParams = Schema.Unknown as unknown as Schema.Codec<PlotMatrixParams, PlotMatrixParams>

export const plotMatrix = stage(import.meta, "plotMatrix", {
  params: PlotMatrixParams,
  inputs: { table: Table },
  outputs: { figure: Json },
  run: () => import("./plot-matrix.run.ts"),
})
