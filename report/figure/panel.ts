// Draws one panel, from back to front: guides, replicas, lines, points, published values.
// Knows nothing about the averaging of rows and the choice of colours.
import { domainOf, fieldName, position, type Axis } from "./axis.ts"
import { guideLayers, levelsOf, publishedLayers, publishedOf, signOf, type Guide } from "./guide.ts"
import { cross, only, type Marked } from "./marked.ts"
import { sidesOf, type Pair, type Side } from "./pair.ts"
import { NODE, spreadOf, type Row, type Value } from "./rows.ts"
import { highlight, type channels, type Series } from "./series.ts"

export type Marks = "points" | "lines" | "both"
export type Behind = "points" | "band" | "none"

export interface Panel {
  readonly title?: string
  readonly x: Axis
  readonly y: Axis
  readonly guides: ReadonlyArray<Guide>
  readonly where?: Readonly<Record<string, Value>>
}

/** Whether a panel shows a row. */
export const isIn = ({ where = {} }: Pick<Panel, "where">, row: Row): boolean =>
  Object.entries(where).every(([field, value]) => row[field] === value)

/** The data and style that the panels of a figure share. */
export interface Picture {
  readonly rows: ReadonlyArray<Row>
  readonly means: ReadonlyArray<Row>
  /** True if `means` contains averages over replicas; false if it contains the rows themselves. */
  readonly averaged: boolean
  /** Undefined if no row is marked. */
  readonly marked: Marked | undefined
  readonly behind: Behind
  readonly series: ReadonlyArray<Series>
  readonly marks: Marks
  readonly channels: ReturnType<typeof channels>
  /** Columns in every tooltip. */
  readonly told: ReadonlyArray<Series>
  /** Columns that only single rows have. */
  readonly more: ReadonlyArray<Series>
  readonly pair: Pair | undefined
}

/** The Vega-Lite view of a panel. If the figure has several panels, `index` gives the letter (a), (b), … */
export const drawPanel = (panel: Panel, picture: Picture, index: number | undefined) => {
  const { rows, means, averaged, behind, marked, series, marks, pair } = picture
  const here = (all: ReadonlyArray<Row>): ReadonlyArray<Row> => all.filter((row) => isIn(panel, row))
  const all = here(behind === "none" && marked === undefined ? means : rows)
  const numbers = (field: string): ReadonlyArray<number> =>
    all.map((row) => row[field]).filter((value) => typeof value === "number")
  const published = publishedOf(panel.guides).flatMap(({ points }) => points)
  const frame = {
    x: panel.x,
    y: panel.y,
    spanX: domainOf(panel.x, [...numbers(panel.x.field), ...published.map(([x]) => x), ...levelsOf(panel.guides, "x")]),
    spanY: domainOf(panel.y, [
      ...numbers(panel.y.field),
      ...published.map(([, y]) => y),
      ...levelsOf(panel.guides, "y"),
    ]),
  }

  const { low, high } = spreadOf(panel.y.field)
  const row = [...picture.told, ...picture.more].map((one) => told(one, rows))
  const mean = averaged
    ? [
        ...picture.told,
        { field: low, title: "lowest" },
        { field: high, title: "highest" },
        { field: "replicas", title: "replicas" },
        ...nodeIn(means),
      ].map((one) => told(one, means))
    : row

  const line = [
    ...(pair === undefined ? [] : [pair]),
    ...series,
    ...(oneNodeEach(means, pair === undefined ? series : [pair, ...series]) ? nodeIn(means) : []),
  ].map((one) => told(one, means))

  const place = { x: position(panel.x, frame.spanX), y: position(panel.y, frame.spanY) }
  const { points, lines, band } = picture.channels
  const { params, opacity } = highlight(series)
  const where = Object.entries(panel.where ?? {}).map(([field, equal]) => ({
    filter: { field: fieldName(field), equal },
  }))

  const layersOf = (side: Side | undefined, owned: object): ReadonlyArray<object> => {
    const transform = side === undefined ? where : [...where, { filter: side.filter }]
    const from = (name: "means" | "replicas", more: ReadonlyArray<object> = []) => ({
      data: { name },
      ...(transform.length + more.length === 0 ? {} : { transform: [...transform, ...more] }),
    })
    return [
      ...(behind === "band"
        ? [
            {
              ...from("means"),
              mark: { type: "area", clip: true, aria: false },
              encoding: {
                ...place,
                y: { ...place.y, field: fieldName(low) },
                y2: { field: fieldName(high) },
                ...band,
                opacity: opacity(0.18),
              },
            },
          ]
        : []),
      ...(behind === "points"
        ? [
            {
              ...from("replicas", marked === undefined ? [] : [only(marked, false)]),
              mark: { type: "point", filled: true, size: 18, clip: true, aria: false, ...side?.point },
              encoding: { ...place, ...points, opacity: opacity(0.3), tooltip: row },
            },
          ]
        : []),
      ...(marks === "points"
        ? []
        : [
            {
              ...from("means"),
              ...(marks === "lines" ? owned : {}),
              mark: { type: "line", clip: true, strokeWidth: 1.8, aria: false, ...side?.line },
              encoding: { ...place, ...lines, opacity: opacity(0.9), tooltip: line },
            },
          ]),
      ...(marks === "lines"
        ? []
        : [
            {
              ...from("means"),
              ...owned,
              mark: { type: "point", filled: true, size: 52, clip: true, ...side?.point },
              encoding: { ...place, ...points, opacity: opacity(1), tooltip: mean },
            },
          ]),
      ...(marked === undefined
        ? []
        : [
            {
              ...from("replicas", [only(marked, true)]),
              mark: { ...cross, ...side?.cross },
              encoding: { ...place, color: points.color, opacity: opacity(1), tooltip: row },
            },
          ]),
    ]
  }
  // Vega-Lite allows a legend selection in one view only; the other views of the figure use it.
  const owned = index === undefined || index === 0 ? { params } : {}
  const sides = pair === undefined ? [undefined] : sidesOf(pair)

  return {
    ...titleOf(panel, index),
    layer: [
      ...guideLayers(panel.guides, frame),
      ...sides.flatMap((side, at) => layersOf(side, at === 0 ? owned : {})),
      ...publishedLayers(panel.guides, frame),
    ],
  }
}

const nodeIn = (rows: ReadonlyArray<Row>): ReadonlyArray<Series> =>
  rows.some((row) => typeof row[NODE.field] === "string") ? [NODE] : []

// Vega shows the tooltip of a line's first point for the whole line. The node is therefore shown only if one node made
// the whole line.
const oneNodeEach = (rows: ReadonlyArray<Row>, series: ReadonlyArray<Series>): boolean => {
  const lines = Map.groupBy(rows, (row) => JSON.stringify(series.map(({ field }) => row[field])))
  return [...lines.values()].every((line) => line.every((row) => row[NODE.field] === line[0]![NODE.field]))
}

const told = (one: Series, rows: ReadonlyArray<Row>) => ({
  field: fieldName(one.field),
  title: one.title,
  ...(rows.some((row) => typeof row[one.field] === "number")
    ? { type: "quantitative", format: ".4~g" }
    : { type: "nominal" }),
})

/** A subtitle that explains the symbols of the published values of a panel. */
export const subtitleOf = (panel: Panel): { readonly subtitle?: string } => {
  const published = publishedOf(panel.guides)
  return published.length === 0
    ? {}
    : { subtitle: published.map(({ label }, i) => `${signOf(i).text} ${label}`).join("\u2003") }
}

const titleOf = (panel: Panel, index: number | undefined) => {
  const letter = index === undefined ? "" : `(${String.fromCodePoint(97 + index)})`
  const text = [letter, panel.title ?? ""].filter((part) => part !== "").join(" ")
  const subtitle = subtitleOf(panel)
  return text === "" && subtitle.subtitle === undefined ? {} : { title: { text, ...subtitle } }
}
