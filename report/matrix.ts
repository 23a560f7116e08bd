// How does a table of entries become a picture of matrices: options in, a Vega-Lite specification out, as plain JSON
// and always the same. Refuses to know where the entries are from; drawing is render.ts, looks are theme.ts.
import { fieldName } from "./figure/axis.ts"
import { rounded, rowsOf, type Columns, type Value } from "./figure/rows.ts"
import type { Figure } from "./figure.ts"
import { matrixScheme } from "./palette.ts"

/** What matrices are drawn from: a row for each entry. */
export interface MatrixOptions {
  readonly description: string
  readonly data: Columns
  /** Columns with the entry's row and column, counted from 0, and with its value. */
  readonly row: string
  readonly column: string
  readonly value: { readonly field: string; readonly title: string; readonly domain: readonly [number, number] }
  /** What rows and columns are. */
  readonly title: string
  /** Side by side, each the entries with these values. */
  readonly panels: ReadonlyArray<{ readonly title: string; readonly where: Readonly<Record<string, Value>> }>
}

const SIDE = 300

const axis = (field: string, of: string) => ({
  field: fieldName(field),
  type: "ordinal",
  title: of,
  axis: { labels: false, ticks: false, domain: false },
})

/** The Vega-Lite specification of some matrices with one scale of colour. */
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
