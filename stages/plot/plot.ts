// Turns a table into a figure: a Vega-Lite specification that contains its data. Knows nothing about drawing: the page
// draws the specification.
import { Schema } from "effect"
import { Json, stage, Table } from "../../pipeline/stage.ts"
import type { FigureOptions } from "../../report/figure.ts"
import { Name, Pair, Value, Where } from "./params.ts"

/** The options of report/figure.ts without the data. The columns are looked up when the figure is made. */
export type PlotParams = Omit<FigureOptions, "data">

const Span = Schema.Tuple([Schema.Finite, Schema.Finite])
const Series = Schema.Struct({ field: Name, title: Schema.String })
const Increasing = Span.check(Schema.makeFilter(([low, high]) => low < high || "the first end must be below the last"))
const Axis = Schema.Struct({
  field: Name,
  title: Schema.String,
  scale: Schema.optionalKey(Schema.Literals(["log", "linear"])),
  domain: Schema.optionalKey(Increasing),
}).check(
  Schema.makeFilter(
    ({ scale, domain }) => scale === "linear" || domain === undefined || domain[0] > 0 || "a log axis has no zero",
  ),
)
const Label = Schema.optionalKey(Schema.String)
const Guide = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("slope"),
    slope: Schema.Finite,
    through: Span,
    from: Schema.optionalKey(Schema.Finite),
    to: Schema.optionalKey(Schema.Finite),
    label: Label,
  }),
  Schema.Struct({ kind: Schema.Literal("level"), x: Schema.Finite, label: Label }),
  Schema.Struct({ kind: Schema.Literal("level"), y: Schema.Finite, label: Label }),
  Schema.Struct({ kind: Schema.Literal("published"), points: Schema.Array(Span), label: Schema.String }),
])
const Guides = Schema.optionalKey(Schema.Array(Guide))

const PlotParams: Schema.Codec<PlotParams> = Schema.Struct({
  title: Schema.optionalKey(Schema.String),
  description: Schema.String,
  x: Axis,
  y: Axis,
  color: Schema.optionalKey(Series),
  shape: Schema.optionalKey(Series),
  marks: Schema.optionalKey(Schema.Literals(["points", "lines", "both"])),
  over: Schema.optionalKey(Name),
  spread: Schema.optionalKey(Schema.Literals(["points", "band", "none"])),
  guides: Guides,
  marked: Schema.optionalKey(
    Schema.Struct({ field: Name, equal: Value, label: Schema.String, averaged: Schema.optionalKey(Schema.Boolean) }),
  ),
  panels: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        title: Schema.optionalKey(Schema.String),
        x: Schema.optionalKey(Axis),
        y: Schema.optionalKey(Axis),
        guides: Guides,
        where: Schema.optionalKey(Where),
      }),
    ),
  ),
  tooltip: Schema.optionalKey(Schema.Array(Series)),
  pair: Schema.optionalKey(Pair),
})

export const plot = stage(import.meta, "plot", {
  params: PlotParams,
  inputs: { table: Table },
  outputs: { figure: Json },
  run: () => import("./plot.run.ts"),
})
