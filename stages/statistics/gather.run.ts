// Adds the labels of each table to its rows and joins all tables into one.
import { table, type ColumnTable as Frame } from "arquero"
import { Effect } from "effect"
import { StageError, type Given, type Table } from "../../pipeline/stage.ts"
import type { GatherParams } from "./gather.ts"
import { lengthOf } from "./filter.ts"

export const run = Effect.fnUntraced(function* ({
  params,
  inputs,
}: Given<GatherParams, { readonly tables: ReadonlyArray<Table> }>): Effect.fn.Return<{ table: Table }, StageError> {
  const { labels, columns, rows } = params
  if (labels.length !== inputs.tables.length) {
    return yield* new StageError({
      reason: "InvalidInput",
      message: `there are ${inputs.tables.length} tables, but ${labels.length} labels`,
    })
  }
  const frames = inputs.tables.map((table, i) => {
    const chosen = columns === null ? table : Object.fromEntries(columns.map((name) => [name, table[name]!]))
    return labelled(rows === null ? chosen : thinned(chosen, rows), labels[i]!)
  })
  const [first, ...rest] = frames
  return { table: first === undefined ? {} : columnsOf(first.concat(rest)) }
})

const labelled = (columns: Table, labels: GatherParams["labels"][number]): Frame => {
  const length = lengthOf(columns)
  const constant = Object.entries(labels).map(([name, value]) => [name, Array.from({ length }, () => value)] as const)
  return table([...constant, ...Object.entries(columns)] as Array<[string, Array<unknown>]>)
}

const thinned = (columns: Table, rows: number): Table => {
  const length = lengthOf(columns)
  if (length <= rows) return columns
  const kept = Array.from({ length: rows }, (_, i) => Math.round((i * (length - 1)) / (rows - 1)))
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, kept.map((row) => column[row]!)]))
}

const columnsOf = (frame: Frame): Table =>
  Object.fromEntries(frame.columnNames().map((name) => [name, Array.from(frame.array(name) as Iterable<number>)]))
