// Which nodes are behind the points of the figures. A page names each once, with what is known of it, and its
// figures name it by its place in that list. Refuses to know how a reader comes to see it.
import type { Spec } from "vega"
import type { PageContent } from "../content.ts"
import { NODE, type Row } from "../figure/rows.ts"
import { html, json, type Html } from "../html.ts"
import { duration } from "../number.ts"

/** What the page's script is told of nodes. */
export interface Behind {
  /** Shows a node whose name, in quotes, is put behind it. */
  readonly show: string
  readonly nodes: ReadonlyArray<{ readonly name: string; readonly key: string; readonly took: string }>
}

/** The nodes that the drawings name, and the drawings with a place in place of each name. */
export const nodesBehind = (
  nodes: PageContent["nodes"],
  show: string,
  drawings: ReadonlyArray<Spec>,
): { readonly behind: Behind; readonly drawings: ReadonlyArray<Spec> } => {
  const named = new Set(
    drawings.flatMap((spec) => (spec.data ?? []).flatMap((data) => rowsIn(data).map((row) => row[NODE.field]))),
  )
  const told = nodes.filter(({ name }) => named.has(name))
  const places = new Map<unknown, number>(told.map(({ name }, place) => [name, place]))
  // In brackets: a figure may have numbers in such a column.
  const short = (row: Row) =>
    places.has(row[NODE.field]) ? { ...row, [NODE.field]: [places.get(row[NODE.field])] } : row
  return {
    behind: {
      show,
      nodes: told.map(({ name, key, seconds }) => ({ name, key: key.slice(0, 12), took: duration(seconds) })),
    },
    drawings: drawings.map(
      (spec) =>
        ({
          ...spec,
          data: (spec.data ?? []).map((data) =>
            "values" in data ? { ...data, values: rowsIn(data).map(short) } : data,
          ),
        }) as Spec,
    ),
  }
}

const rowsIn = (data: object): ReadonlyArray<Row> => ("values" in data ? (data.values as ReadonlyArray<Row>) : [])

/** Where the page's script reads it. */
export const nodesData = (behind: Behind): Html =>
  html`<script type="application/json" id="nodes">${json(behind)}</script>`
