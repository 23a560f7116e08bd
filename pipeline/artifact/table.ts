// Encodes and decodes named columns in the Arrow stream format: numbers as float64, texts as UTF-8 in dictionaries,
// booleans as bits. Columns and rows keep their order, and equal tables give equal bytes. Knows nothing about what the
// columns mean.
import { bool, dictionary, nullType, tableFromArrays, tableFromIPC, tableToIPC, utf8 } from "@uwdata/flechette"
import type { DataType } from "@uwdata/flechette"
import { itemOf, membersOf, requireList } from "../../cache/plain.ts"
import { foreign, naming, stepping, stepTo, Unfit } from "../../cache/unfit.ts"
import type { Table } from "../stage.ts"

/**
 * A column is a plain list of numbers (NaN, the infinities and -0 come back as they are), of texts or of booleans.
 * Anything else is refused with its column and row. Two kinds of texts and names are refused too: those with half a
 * character, which has no bytes in UTF-8, and those that begin with U+FEFF, which readers of UTF-8 take for a byte
 * order mark and drop.
 */
export const encodeTable = (value: unknown): Uint8Array => {
  const work = () => membersOf(value).map(([name, values]) => columnOf(name, values))
  const columns = naming("value", "which a table cannot hold", work)
  if (new Set(columns.map(({ values }) => values.length)).size > 1) {
    const lengths = columns.map(({ name, values }) => `${name} ${values.length}`)
    throw new TypeError(`the columns of a table differ in length: ${lengths.join(", ")}`)
  }
  const arrays = columns.map(({ name, values }): [string, Column["values"]] => [name, values])
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, type])) as { [name: string]: DataType }
  return tableToIPC(tableFromArrays(arrays, { types }), { format: "stream" })!
}

// Gives plain lists: a map over a Float64Array could not give texts.
export const decodeTable = (bytes: Uint8Array): Table => {
  const { names, children } = tableFromIPC(bytes)
  return Object.fromEntries(names.map((name, i) => [name, Array.from(children[i]!.toArray() as Iterable<never>)]))
}

interface Column {
  readonly name: string
  readonly values: Float64Array | Array<unknown>
  /** Undefined if the values show it. */
  readonly type: DataType | undefined
}

const columnOf = (name: string, values: unknown): Column => {
  let row: number | undefined
  try {
    requireText(name)
    requireList(values)
    row = 0
    const kind = values.length === 0 ? "undefined" : typeof itemOf(values, row)
    const numbers = new Float64Array(kind === "number" ? values.length : 0)
    for (; row < values.length; row++) {
      const value = itemOf(values, row)
      if (typeof value === "string") requireText(value)
      // NaN has many bit patterns, which nobody can tell apart. All become the same one.
      else if (typeof value === "number") numbers[row] = Number.isNaN(value) ? NaN : value
      else if (typeof value !== "boolean") throw new Unfit(foreign(value).what, "give a number, a text or a boolean")
      if (typeof value !== kind) {
        const rows = `row ${row} is a ${typeof value}, but row 0 is a ${kind}`
        throw new TypeError(`the column ${name} mixes numbers, texts or booleans: ${rows}`)
      }
    }
    if (kind === "number") return { name, values: numbers, type: undefined }
    return { name, values: values as Array<unknown>, type: typeOf(kind) }
  } catch (error) {
    throw stepping(row === undefined ? error : stepping(error, `[${row}]`), stepTo(name))
  }
}

const typeOf = (kind: string): DataType => {
  if (kind === "string") return dictionary(utf8())
  return kind === "boolean" ? bool() : nullType() // no rows
}

const requireText = (text: string): void => {
  if (!text.isWellFormed()) throw new Unfit("a text with half a character", "give whole characters")
  if (text.startsWith("\ufeff")) throw new Unfit("a text that begins with U+FEFF", "remove that byte order mark")
}
