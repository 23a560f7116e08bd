// Turns a table of entries into a picture of matrices: a Vega-Lite specification that contains its data. Knows nothing
// about drawing: the page draws the specification.
import { Schema } from "effect"
import { Json, stage, Table } from "../../pipeline/stage.ts"
import type { MatrixOptions } from "../../report/matrix.ts"
import { Name, Where } from "./params.ts"

/** The options of report/matrix.ts without the data. The columns are looked up when the picture is made. */
export type PlotMatrixParams = Omit<MatrixOptions, "data">

const PlotMatrixParams: Schema.Codec<PlotMatrixParams> = Schema.Struct({
  description: Schema.String,
  row: Name,
  column: Name,
  value: Schema.Struct({
    field: Name,
    title: Schema.String,
    domain: Schema.Tuple([Schema.Finite, Schema.Finite]),
  }),
  title: Schema.String,
  panels: Schema.Array(Schema.Struct({ title: Schema.String, where: Where })),
})

export const plotMatrix = stage(import.meta, "plotMatrix", {
  params: PlotMatrixParams,
  inputs: { table: Table },
  outputs: { figure: Json },
  run: () => import("./plot-matrix.run.ts"),
})
