// Turns a table into a figure: options in, a Vega-Lite specification out. The specification is plain JSON and is the
// same every time.
// Knows nothing about Vega at run time, fonts, files and pages. `render.ts` draws the figure, `theme.ts` sets its
// looks.
import { scaleOf, type Axis } from "./figure/axis.ts"
import type { Guide } from "./figure/guide.ts"
import { isMarked, legendOf as markedLegend, markedIn, type Marked } from "./figure/marked.ts"
import { drawPanel, isIn, subtitleOf, type Behind, type Marks, type Panel } from "./figure/panel.ts"
import { legendOf, type Pair } from "./figure/pair.ts"
import { meansOf, NODE, rounded, rowsOf, type Columns, type Measures, type Row, type Value } from "./figure/rows.ts"
import { channels, type Series } from "./figure/series.ts"

/** The options of a figure. */
export interface FigureOptions {
  /** The title on the drawing itself. A page with its own heading leaves this title out. */
  readonly title?: string
  /** The text for a reader who cannot see the figure. */
  readonly description: string
  /**
   * The table. A column `node` names the node that made a row; the tooltip shows the node of every point that is one
   * row.
   */
  readonly data: Columns
  readonly x: Axis
  readonly y: Axis
  /** The series by colour: numbers get an ordered ramp, words get distinct colours. */
  readonly color?: Series
  /** A second series: the shape of points and the dash of lines. */
  readonly shape?: Series
  /** Points, lines or both; the default is "both". */
  readonly marks?: Marks
  /** The replica column. Rows that differ only in this column become one mean, which is geometric on a log axis. */
  readonly over?: string
  /** How the replicas are drawn behind their mean; the default is "points". */
  readonly spread?: Behind
  readonly guides?: ReadonlyArray<Guide>
  /** Rows that are drawn as crosses and counted. */
  readonly marked?: Marked
  /** Panels side by side. Each panel is the figure with other axes, guides or rows. The default is one panel. */
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
   * Two tables in one; a column tells them apart. Rows of the first table are solid and filled, rows of the second
   * table are dashed and open.
   */
  readonly pair?: Pair
}

/** A Vega-Lite specification as plain JSON. */
export type Figure = Readonly<Record<string, unknown>>

const SINGLE = { width: 600, height: 360 }
const BESIDE = { width: 310, height: 300 }
// The space of a panel's axis, labels and title, in pixels.
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
  ).filter((row) => panels.some((panel) => isIn(panel, row)))

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
    // All options except the rows, so that `overlay.ts` can draw the figure again with other rows.
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
  // Vega draws no subtitle if the title is empty.
  if (title === undefined) return subtitle === "" ? {} : { title: alone(subtitle) }
  return { title: { text: title, ...(subtitle === "" ? {} : { subtitle }) } }
}

/** A subtitle without a title. */
const alone = (subtitle: string) => ({ text: subtitle, fontSize: 11, fontWeight: "normal" })

/** The rows that a figure shows, before any mean. */
export const dataOf = ({ datasets }: Figure): ReadonlyArray<Row> => {
  const { replicas, means = [] } = (datasets ?? {}) as { readonly [name: string]: ReadonlyArray<Row> | undefined }
  return replicas ?? means
}

/**
 * The figure without its title, for a place that already has the title. The subtitle stays, because it is part of the
 * legend. The stored options are left out.
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
