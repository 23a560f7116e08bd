// Turns a value into bytes, and back. Each kind has one deterministic codec: safetensors, Arrow IPC, canonical JSON,
// plain bytes. A reader gets exactly the value that was written; a value that cannot be kept is refused, with its
// place. Knows nothing about stages and stores.
import { writer } from "../../cache/plain.ts"
import { Unfit } from "../../cache/unfit.ts"
import { decodeTensors, encodeTensors } from "./safetensors.ts"
import type { Kind, Table } from "../stage.ts"
import { decodeTable, encodeTable } from "./table.ts"
import { typeOf } from "./array-type.ts"

interface Codec {
  /** Throws a TypeError with the place of a value that cannot be kept as it is. */
  readonly encode: (value: unknown) => Uint8Array
  readonly decode: (bytes: Uint8Array) => unknown
  /** The extension of a file of this kind. */
  readonly extension: string
}

const tensors: Codec = { encode: encodeTensors, decode: decodeTensors, extension: "safetensors" }

const table: Codec = { encode: encodeTable, decode: decodeTable, extension: "arrow" }

/**
 * JSON holds null, booleans, finite numbers, texts, and lists and records of these. Kept exactly: -0, every digit of a
 * number, half characters, and members with any name, `__proto__` among them. Refused with the path: NaN, infinities,
 * undefined (also as a member or a hole in a list), bigints, functions, symbols, instances of classes (Map, Set, Date,
 * arrays of numbers, boxed values, anything with a toJSON), records without a prototype, getters, members that are not
 * enumerable, members named by symbols, members beside the items of a list, circles, and more than a thousand levels.
 * The order of members is not part of a value: a reader gets them sorted by name.
 */
const json: Codec = {
  encode: (value) => {
    try {
      return new TextEncoder().encode(written(value))
    } catch (cause) {
      // V8 allows no longer text, and its error names no place.
      if (!(cause instanceof RangeError)) throw cause
      throw new TypeError("it is more than 512 MB as JSON; keep it as Bytes, or its numbers as Tensors", { cause })
    }
  },
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
  extension: "json",
}
const written = writer({
  unfit: "which JSON cannot hold",
  null: "null",
  true: "true",
  false: "false",
  number: (value) => {
    if (!Number.isFinite(value)) throw new Unfit(String(value), "give null or a text, or keep numbers in a Table")
    return Object.is(value, -0) ? "-0" : String(value)
  },
  // Most texts need no escape. This test takes half as long as `JSON.stringify`.
  text: (value) => (/^[ !#-[\]-~]*$/.test(value) ? `"${value}"` : JSON.stringify(value)),
  list: () => "[",
  record: () => "{",
  between: ",",
  afterName: ":",
  endOfList: "]",
  endOfRecord: "}",
})

/**
 * Takes a Uint8Array, or a Buffer, which comes back as a Uint8Array. Refuses anything else. A decoded array has its own
 * memory.
 */
const bytes: Codec = {
  encode: (value) => {
    if (typeOf(value, "the array") !== "Uint8Array") throw new TypeError("it is not a Uint8Array")
    const { buffer } = value as Uint8Array
    // Shared memory, and memory that can shrink, may change during the storing.
    const fixed = buffer instanceof ArrayBuffer && !buffer.resizable
    return fixed ? (value as Uint8Array) : new Uint8Array(value as Uint8Array)
  },
  // A store may give a part of a pool, which also holds other bytes.
  decode: (stored) => {
    const alone = stored.length === stored.buffer.byteLength
    return alone ? new Uint8Array(stored.buffer) : new Uint8Array(stored)
  },
  extension: "bin",
}

/** The table in some bytes; undefined if the bytes are of another kind. */
export const tableIn = (bytes: Uint8Array): Table | undefined => {
  // Every Arrow stream begins with four bytes 0xff. No text does; tensors do only if their header has four gigabytes.
  if (bytes.length < 4 || bytes.subarray(0, 4).some((byte) => byte !== 0xff)) return undefined
  try {
    return decodeTable(bytes)
  } catch {
    return undefined
  }
}

/** The codec of each kind. */
export const codecs: { readonly [K in Kind<unknown>["kind"]]: Codec } = { tensors, table, json, bytes }
