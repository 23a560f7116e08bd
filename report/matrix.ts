// Turns a table of entries into a picture of matrices: options in, a Vega-Lite specification out. The specification is
// plain JSON and is the same every time.
// Knows nothing about the origin of the entries. `render.ts` draws the picture, `theme.ts` sets its looks.
import { fieldName } from "./figure/axis.ts"
import { rounded, rowsOf, type Columns, type Value } from "./figure/rows.ts"
import type { Figure } from "./figure.ts"
import { matrixScheme } from "./palette.ts"

/** The options of a picture of matrices. The table has one row for each entry. */
export interface MatrixOptions {
  readonly description: string
  readonly data: Columns
  /** The columns with the entry's row (from 0), the entry's column (from 0) and the entry's value. */
  readonly row: string
  readonly column: string
  readonly value: { readonly field: string; readonly title: string; readonly domain: readonly [number, number] }
  /** The title of both axes: the meaning of the rows and columns. */
  readonly title: string
  /** Matrices side by side. Each matrix shows the entries with these values. */
  readonly panels: ReadonlyArray<{ readonly title: string; readonly where: Readonly<Record<string, Value>> }>
}

const SIDE = 300

const axis = (field: string, of: string) => ({
  field: fieldName(field),
  type: "ordinal",
  title: of,
  axis: { labels: false, ticks: false, domain: false },
})

/** The Vega-Lite specification of matrices that share one colour scale. */
export const matrix = ({ description, data, row, column, value, title, panels }: MatrixOptions): Figure => {
  const fields = [row, column, value.field, ...panels.flatMap(({ where }) => Object.keys(where))]
  const rows = rounded(rowsOf(data, fields, new Map()))
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    concat: panels.map((panel, index) => ({
      title: { text: `(${String.fromCharCode(97 + index)}) ${panel.title}` },
      width: SIDE,
      height: SIDE,
      data: { name: "entries" },
      transform: [
        { filter: { and: Object.entries(panel.where).map(([field, equal]) => ({ field: fieldName(field), equal })) } },
      ],
      mark: { type: "rect" },
      encoding: {
        x: axis(column, title),
        y: axis(row, title),
        color: {
          field: fieldName(value.field),
          type: "quantitative",
          title: value.title,
          scale: { domain: [...value.domain], clamp: true, range: [...matrixScheme] },
        },
        tooltip: [
          { field: fieldName(row), title: "row" },
          { field: fieldName(column), title: "column" },
          { field: fieldName(value.field), title: value.title, format: ".4~g" },
        ],
      },
    })),
    columns: 2,
    spacing: 28,
    params: [{ name: "room", value: panels.length * (SIDE + 90) }],
    datasets: { entries: rows },
  }
}
