// Reads a CSV file with arquero, after its rows were counted.
import { fromCSV } from "arquero"
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import { attempt } from "../stage-error.ts"

type Cell = number | string | boolean | null

export const run = ({
  inputs: { bytes },
}: Given<object, { readonly bytes: Uint8Array }>): Effect.Effect<{ table: Table }, StageError> =>
  attempt(async () => {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    const rows = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"))
    if (rows.length === 0) throw refused("the file has no row of column names")
    const frame = fromCSV(rows.join("\n"))
    const columns = Object.fromEntries(
      frame.columnNames().map((name) => [name, Array.from(frame.array(name) as Iterable<Cell>)]),
    )
    for (const [name, column] of Object.entries(columns)) {
      const row = column.findIndex((cell) => cell === null || cell === undefined)
      if (row >= 0) throw refused(`row ${row + 1} has no value in the column ${name}`)
    }
    return { table: columns as Table }
  })

const refused = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
