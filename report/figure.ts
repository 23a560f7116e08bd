// How does a table become a figure: options in, a Vega-Lite specification out, as plain JSON and always the same.
// Refuses to know Vega at run time, fonts, files and pages; drawing is render.ts, looks are theme.ts.
import { scaleOf, type Axis } from "./figure/axis.ts"
import type { Guide } from "./figure/guide.ts"
import { isMarked, legendOf as markedLegend, markedIn, type Marked } from "./figure/marked.ts"
import { drawPanel, subtitleOf, type Behind, type Marks, type Panel } from "./figure/panel.ts"
import { legendOf, type Pair } from "./figure/pair.ts"
import { meansOf, NODE, rounded, rowsOf, type Columns, type Measures, type Row, type Value } from "./figure/rows.ts"
import { channels, type Series } from "./figure/series.ts"

/** What a table is turned into. */
export interface FigureOptions {
  /** Written on the drawing itself; a page that has its own heading leaves it out. */
  readonly title?: string
  /** What a reader who cannot see the figure is told. */
  readonly description: string
  /** A column `node` names what a row was made by; a reader is told so of every point that is a single row. */
  readonly data: Columns
  readonly x: Axis
  readonly y: Axis
  /** The series by colour: numbers get an ordered ramp, words get distinct colours. */
  readonly color?: Series
  /** A second series: the shape of points, the dash of lines. */
  readonly shape?: Series
  /** What is drawn of a series; "both" unless told otherwise. */
  readonly marks?: Marks
  /** The replica column: rows that differ only in it become one mean, geometric on a log axis. */
  readonly over?: string
  /** What is shown of the replicas behind their mean; "points" unless told otherwise. */
  readonly spread?: Behind
  readonly guides?: ReadonlyArray<Guide>
  /** Rows that are signed with a cross and counted. */
  readonly marked?: Marked
  /** Side by side, each the figure with other axes, guides or rows; one panel unless given. */
  readonly panels?: ReadonlyArray<{
    readonly title?: string
    readonly x?: Axis
    readonly y?: Axis
    readonly guides?: ReadonlyArray<Guide>
    /** Only the rows with these values. */
    readonly where?: Readonly<Record<string, Value>>
  }>
  /** More columns for the tooltip of a row. */
  readonly tooltip?: ReadonlyArray<Series>
  /**
   * Two tables in one, told apart by a column: the rows of the first are drawn solid and filled, those of the second
   * dashed and open.
   */
  readonly pair?: Pair
}

/** A Vega-Lite specification as plain JSON. */
export type Figure = Readonly<Record<string, unknown>>

const SINGLE = { width: 600, height: 360 }
const BESIDE = { width: 310, height: 300 }
// Of a panel's axis, labels and title.
const AXIS_ROOM = 90

/**
 * The Vega-Lite specification of a table.
 * 1. Fill the panels in. 2. Take the columns they use. 3. Average over replicas. 4. Draw the panels.
 *
 * @example figure({ description, data, x: { field: "alpha", title: "α" }, y: { field: "change", title: "‖ΔΘ‖ / ‖Θ₀‖" },
 *   color: { field: "width", title: "h" }, over: "replica", guides: [{ kind: "slope", slope: -1, through: [1e3, 1e-2]
 * }] })
 */
export const figure = (options: FigureOptions): Figure => {
  // 1.
  const { color, shape, over, pair } = options
  const panels = (options.panels ?? [{}]).map((panel): Panel =>
    Object.assign({ x: options.x, y: options.y, guides: options.guides ?? [] }, panel),
  )
  const series = [color, shape].filter((one) => one !== undefined)
  const marked = markedIn(options.marked, options.data)

  // 2.
  const xs: Measures = new Map(panels.map(({ x }) => [x.field, scaleOf(x)]))
  const ys: Measures = new Map(panels.map(({ y }) => [y.field, scaleOf(y)]))
  const identity = [
    ...new Set([
      ...(pair === undefined ? [] : [pair.field]),
      ...series.map((one) => one.field),
      ...xs.keys(),
      ...panels.flatMap((panel) => Object.keys(panel.where ?? {})),
    ]),
  ]
  const more = [
    ...(over === undefined ? [] : [{ field: over, title: over }]),
    ...(options.tooltip ?? []),
    ...(marked === undefined ? [] : [{ field: marked.field, title: marked.field }]),
    ...(options.data[NODE.field] === undefined ? [] : [NODE]),
  ]
  const rows = rowsOf(
    options.data,
    [...identity, ...ys.keys(), ...more.map((one) => one.field)],
    new Map([...xs, ...ys]),
  )

  // 3.
  const crossed = marked === undefined ? [] : rows.filter((row) => isMarked(marked, row))
  const kept = marked === undefined || marked.averaged === true ? rows : rows.filter((row) => !isMarked(marked, row))
  const means = over === undefined ? kept : meansOf(kept, identity, ys)
  const behind = means.length < kept.length ? (options.spread ?? "points") : "none"

  // 4.
  const size = panels.length === 1 ? SINGLE : BESIDE
  const axes = panels
    .flatMap(({ x, y }) => [x, y])
    .filter((axis, index, all) => all.findIndex((other) => other.field === axis.field) === index)
  const marks = options.marks ?? "both"
  const picture = {
    rows,
    means,
    averaged: over !== undefined,
    behind,
    marked,
    series,
    marks,
    channels: channels(rows, color, shape, { pointed: marks !== "lines", paired: pair !== undefined }),
    told: [...(pair === undefined ? [] : [pair]), ...series, ...axes],
    more,
    pair,
  }
  const drawn = panels.map((panel, index) => ({
    ...size,
    ...drawPanel(panel, picture, panels.length > 1 ? index : undefined),
  }))
  const unseen = (row: Row): boolean => panels.every(({ x, y }) => row[x.field] === null || row[y.field] === null)
  const hidden = rows.filter(unseen).length
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description:
      hidden === 0
        ? options.description
        : `${options.description} ${hidden} of ${rows.length} rows have no value that these axes can show.`,
    ...(panels.length === 1 ? drawn[0] : { concat: drawn, columns: 2, spacing: 28 }),
    ...titleOf(
      options,
      panels,
      marked &&
        markedLegend(marked, {
          count: crossed.length,
          of: rows.length,
          hidden: crossed.filter(unseen).length,
          means: over !== undefined,
        }),
    ),
    // What it was made of but the rows, so that it can be made again with others.
    usermeta: { options: Object.fromEntries(Object.entries(options).filter(([name]) => name !== "data")) },
    params: [{ name: "room", value: panels.length * (size.width + AXIS_ROOM) }],
    datasets: {
      means: rounded(means),
      ...(over === undefined && marked === undefined ? {} : { replicas: rounded(rows) }),
    },
  }
}

const titleOf = (
  { title, pair, marks }: FigureOptions,
  panels: ReadonlyArray<Panel>,
  marked: string | undefined,
): { readonly title?: object } => {
  const subtitle = [
    ...(panels.length === 1 ? [subtitleOf(panels[0]!).subtitle] : []),
    pair && legendOf(pair, marks ?? "both"),
    marked,
  ]
    .filter((part) => part !== undefined)
    .join("\u2003")
  // Vega draws no subtitle under a title of nothing.
  if (title === undefined) return subtitle === "" ? {} : { title: alone(subtitle) }
  return { title: { text: title, ...(subtitle === "" ? {} : { subtitle }) } }
}

/** A subtitle that stands alone. */
const alone = (subtitle: string) => ({ text: subtitle, fontSize: 11, fontWeight: "normal" })

/** The rows a figure shows, before any mean. */
export const dataOf = ({ datasets }: Figure): ReadonlyArray<Row> => {
  const { replicas, means = [] } = (datasets ?? {}) as { readonly [name: string]: ReadonlyArray<Row> | undefined }
  return replicas ?? means
}

/**
 * The figure for a place that has its title already; a subtitle, which is part of its legend, stays. What it was made
 * of is left out.
 */
export const untitled = (figure: Figure): Figure => {
  const { title, usermeta: _, ...rest } = figure
  const { text, subtitle, fontWeight } = (title ?? {}) as {
    readonly text?: string
    readonly subtitle?: string
    readonly fontWeight?: string
  }
  const kept = fontWeight === "normal" ? text : subtitle
  return kept === undefined ? rest : { ...rest, title: alone(kept) }
}
