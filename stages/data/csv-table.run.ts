// Reads the rows of a CSV file, then the type of each column. arquero would infer a type from the first 1,000 rows, and
// drop cells that are too many.
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"

export const run = ({
  inputs: { bytes },
}: Given<object, { readonly bytes: Uint8Array }>): Effect.Effect<{ table: Table }, StageError> =>
  attempt(async () => {
    const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split(/\r?\n/)
    const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).map(cellsOf)
    const [names, ...cells] = rows
    if (names === undefined) throw refused("the file has no row of column names")
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) throw refused(`two columns are called ${twice}`)
    for (const [i, row] of cells.entries()) {
      if (row.length !== names.length)
        throw refused(`row ${i + 1} has ${row.length} cells, but there are ${names.length} columns`)
      const empty = row.indexOf("")
      if (empty >= 0) throw refused(`row ${i + 1} has no value in the column ${names[empty]}`)
    }
    return { table: Object.fromEntries(names.map((name, i) => [name, typed(cells.map((row) => row[i]!))])) }
  })

/** The cells of a line. A cell in double quotes may hold commas, and doubled quotes. */
const cellsOf = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )

/** Numbers, if every cell is one; truth values, if every cell is one; else texts. */
const typed = (cells: ReadonlyArray<string>): ReadonlyArray<number | string | boolean> => {
  if (cells.every((cell) => cell.trim() === cell && Number.isFinite(Number(cell)))) return cells.map(Number)
  return cells.every((cell) => cell === "true" || cell === "false") ? cells.map((cell) => cell === "true") : cells
}

const refused = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
