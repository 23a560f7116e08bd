// The signs of the series of a figure: colour, shape or dash, and legends that highlight a series on click.
// Knows nothing about axes. A series has more signs than its colour, unless there are more series than shapes.
import { decimal, powerOfTen } from "../number.ts"
import { category, ramp } from "../palette.ts"
import { fieldName, labelled } from "./axis.ts"
import type { Row, Value } from "./rows.ts"

/** A column; each of its values is one series. */
export interface Series {
  readonly field: string
  readonly title: string
}

const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2.5],
  [9, 3, 2, 3],
  [12, 3],
  [4, 1.5],
]
const WIDTHS = [1.4, 3, 0.7, 4.6, 2.2, 6]

// The values in the order of the legend: numbers by size, words in the order of the table.
const valuesOf = (series: Series, rows: ReadonlyArray<Row>): ReadonlyArray<Value> => {
  const values = [...new Set(rows.map((row) => row[series.field]))].filter(
    (value) => value !== null && value !== undefined,
  )
  return values.every((value) => typeof value === "number") ? [...values].sort((a, b) => a - b) : values
}

const label = (value: Value): string => {
  if (typeof value !== "number") return String(value)
  const power = Math.log10(value)
  return Number.isInteger(power) && (power >= 4 || power <= -3) ? powerOfTen(power) : decimal(value)
}

// A legend wraps at the width of the figure. `room` is a parameter, so that a narrow page can change it.
const legendOf = (series: Series, values: ReadonlyArray<Value>) => {
  const widest = Math.max(...values.map((value) => label(value).length))
  return {
    title: series.title,
    symbolOpacity: 1,
    columns: { expr: `max(1, floor(room / ${Math.round(widest * 7 + 38)}))` },
    ...(values.every((value) => typeof value === "number") ? { labelExpr: labelled(values, label) } : {}),
  }
}

const channel = (series: Series, values: ReadonlyArray<Value>, range: ReadonlyArray<unknown>) => ({
  field: fieldName(series.field),
  type: "nominal" as const,
  scale: { domain: [...values], range: values.map((_, index) => range[index % range.length]) },
  // Vega does not finish the layout of an empty legend.
  legend: values.length === 0 ? null : legendOf(series, values),
})

// Dashes without a legend, for a series whose shapes have a legend: dashed outlines would make the shapes unreadable.
const quietDash = (series: Series, values: ReadonlyArray<Value>) => ({
  strokeDash: {
    condition: values.slice(1).map((equal, index) => ({
      test: { field: fieldName(series.field), equal },
      value: DASHES[(index + 1) % DASHES.length],
    })),
    value: DASHES[0],
  },
})

/**
 * The channels of points, lines and bands for a colour series and an optional second series. `pointed`: points are
 * drawn. `paired`: dashes already tell two tables apart.
 */
export const channels = (
  rows: ReadonlyArray<Row>,
  color: Series | undefined,
  shape: Series | undefined,
  { pointed, paired }: { readonly pointed: boolean; readonly paired: boolean },
) => {
  const colors = color === undefined ? [] : valuesOf(color, rows)
  const inks = colors.every((value) => typeof value === "number")
    ? ramp(colors.length)
    : category.map((ink) => ink.light)
  const second = shape ?? color
  const seconds = second === undefined ? [] : valuesOf(second, rows)
  const tint = color === undefined ? { value: category[0]!.light } : channel(color, colors, inks)
  // With more than six series the shapes would repeat and mislead. Then only colour tells the series apart.
  const shapes =
    second !== undefined && seconds.length <= SHAPES.length ? { shape: channel(second, seconds, SHAPES) } : {}
  const split = shape === undefined ? {} : { detail: { field: fieldName(shape.field) } }
  const lined = (shape: Series) =>
    paired
      ? { strokeWidth: { ...channel(shape, seconds, WIDTHS), type: "ordinal" as const } }
      : { strokeDash: channel(shape, seconds, DASHES) }
  const dash = shape === undefined || (pointed && paired) ? {} : pointed ? quietDash(shape, seconds) : lined(shape)
  return {
    points: { color: tint, ...shapes },
    lines: { color: tint, ...split, ...dash },
    band: { color: tint, ...split },
  }
}

/** Legend selections, one for each series, and the test that a row is in all selections. */
export const highlight = (series: ReadonlyArray<Series>) => ({
  params: series.map(({ field }, index) => ({
    name: `highlight_${index}`,
    select: { type: "point" as const, fields: [fieldName(field)] },
    bind: "legend" as const,
  })),
  /** The opacity channel: `strong` for highlighted rows, and for all rows if nothing is highlighted. */
  opacity: (strong: number) =>
    series.length === 0
      ? { value: strong }
      : {
          condition: { test: { and: series.map((_, index) => ({ param: `highlight_${index}` })) }, value: strong },
          value: strong * 0.12,
        },
})
