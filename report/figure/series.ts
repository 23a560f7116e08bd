// How are the series of a figure told apart: colour with shape or dash beside it, and legends that highlight on click.
// Refuses to know axes; colour is never the only sign unless there are more series than shapes.
import { decimal, powerOfTen } from "../number.ts"
import { category, ramp } from "../palette.ts"
import { fieldName, labelled } from "./axis.ts"
import type { Row, Value } from "./rows.ts"

/** A column whose values are the series. */
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

// In legend order: numbers by size, words as they come.
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

// Legends wrap by the width the figure has; `room` is a parameter so that a narrow page can set it.
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
  // Vega lays a legend of nothing out endlessly.
  legend: values.length === 0 ? null : legendOf(series, values),
})

// Dashes without a legend, for a series whose shapes have one: a dashed outline would make those unreadable.
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
 * The channels of points, lines and bands for a colour series and an optional second one; `pointed` if points are
 * drawn, `paired` if dashes mean something else.
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
  // Beyond six, shapes would repeat and lie; colour alone then carries the series.
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

/** Legend selections, one for each series, and the test that a row is in all of them. */
export const highlight = (series: ReadonlyArray<Series>) => ({
  params: series.map(({ field }, index) => ({
    name: `highlight_${index}`,
    select: { type: "point" as const, fields: [fieldName(field)] },
    bind: "legend" as const,
  })),
  /** The opacity channel: `strong` for what is highlighted, or for all when nothing is. */
  opacity: (strong: number) =>
    series.length === 0
      ? { value: strong }
      : {
          condition: { test: { and: series.map((_, index) => ({ param: `highlight_${index}` })) }, value: strong },
          value: strong * 0.12,
        },
})
