// A table as a figure: a Vega-Lite specification with its data in it. Drawing it is the page's.
import { Schema } from "effect"
import { Json, stage, Table } from "../../pipeline/stage.ts"
import type { FigureOptions } from "../../report/figure.ts"

/** What figure.ts takes, but the data; plain data, whose columns figure.ts looks up itself. */
export type PlotParams = Omit<FigureOptions, "data">
const PlotParams = Schema.Unknown as unknown as Schema.Codec<PlotParams, PlotParams>

export const plot = stage(import.meta, "plot", {
  params: PlotParams,
  inputs: { table: Table },
  outputs: { figure: Json },
  run: () => import("./plot.run.ts"),
})
