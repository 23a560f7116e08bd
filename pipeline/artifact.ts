// How does a value become bytes, and back? One deterministic codec per kind: safetensors, Arrow IPC, canonical
// JSON, plain bytes. Refuses to know stages and stores.
import { tableFromArrays, tableFromIPC, tableToIPC } from "@uwdata/flechette"
import { decodeTensors, encodeTensors } from "./safetensors.ts"
import type { Kind, Table, Tensors } from "./stage.ts"

interface Codec {
  /** Throws a TypeError where the value is not of the kind. */
  readonly encode: (value: unknown) => Uint8Array
  readonly decode: (bytes: Uint8Array) => unknown
  /** What a file of this kind is called. */
  readonly extension: string
}

const tensors: Codec = { encode: (value) => encodeTensors(value as Tensors), decode: decodeTensors, extension: "safetensors" }

/** Numbers as float64, texts as UTF-8, booleans as bits; columns in the order given. */
const table: Codec = {
  encode: (value) => {
    const columns = Object.entries(value as Table)
    if (new Set(columns.map(([, column]) => column.length)).size > 1) {
      throw new TypeError(`the columns of a table differ in length: ${columns.map(([name, column]) => `${name} ${column.length}`).join(", ")}`)
    }
    const mixed = columns.find(([, column]) => column.some((value) => typeof value !== typeof column[0]))
    if (mixed !== undefined) throw new TypeError(`the column ${mixed[0]} mixes numbers, texts or booleans`)
    const typed = columns.map(([name, column]): [string, Float64Array | Array<string | number | boolean>] => [
      name,
      typeof column[0] === "number" ? Float64Array.from(column as ReadonlyArray<number>) : [...column],
    ])
    return tableToIPC(tableFromArrays(typed), { format: "stream" })!
  },
  // Plain arrays: what maps over a column of numbers may give texts.
  decode: (bytes) => Object.fromEntries(Object.entries(tableFromIPC(bytes).toColumns()).map(([name, column]) => [name, Array.from(column as Iterable<unknown>)])),
  extension: "arrow",
}

const json: Codec = {
  encode: (value) => new TextEncoder().encode(JSON.stringify(value, sorted)),
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
  extension: "json",
}
const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const bytes: Codec = {
  encode: (value) => {
    if (value instanceof Uint8Array) return value
    throw new TypeError("it is not a Uint8Array")
  },
  decode: (value) => value,
  extension: "bin",
}

/** The table in some bytes; none where they are of another kind. */
export const tableIn = (bytes: Uint8Array): Table | undefined => {
  // How every Arrow stream begins; no text does, and tensors only where their header has four gigabytes.
  if (bytes.length < 4 || bytes.subarray(0, 4).some((byte) => byte !== 0xff)) return undefined
  try {
    return table.decode(bytes) as Table
  } catch {
    return undefined
  }
}

/** The codec of each kind. */
export const codecs: { readonly [K in Kind<unknown>["kind"]]: Codec } = { tensors, table, json, bytes }
