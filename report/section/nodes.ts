// Finds the nodes that made the points of the figures. The page lists each node once; the figures refer to a node by
// its place in this list.
// Knows nothing about how the page shows a node.
import type { Spec } from "vega"
import type { PageContent } from "../content.ts"
import { NODE, type Row } from "../figure/rows.ts"
import { html, json, type Html } from "../html.ts"
import { duration } from "../number.ts"

/** The data about nodes for the page's script. */
export interface Behind {
  /** The command that shows a node; the node's name, in quotes, is appended. */
  readonly show: string
  readonly nodes: ReadonlyArray<{ readonly name: string; readonly key: string; readonly took: string }>
}

/** The nodes that the drawings name, and the drawings with a place in the list instead of each name. */
export const nodesOfFigures = (
  nodes: PageContent["nodes"],
  show: string,
  drawings: ReadonlyArray<Spec>,
): { readonly behind: Behind; readonly drawings: ReadonlyArray<Spec> } => {
  const named = new Set(
    drawings.flatMap((spec) => (spec.data ?? []).flatMap((data) => rowsIn(data).map((row) => row[NODE.field]))),
  )
  const told = nodes.filter(({ name }) => named.has(name))
  const places = new Map<unknown, number>(told.map(({ name }, place) => [name, place]))
  // The place is in brackets, because a column with this name may also contain numbers.
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

/** The script element from which the page's script reads the nodes. */
export const nodesData = (behind: Behind): Html =>
  html`<script type="application/json" id="nodes">${json(behind)}</script>`
