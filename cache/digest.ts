// What are these bytes called, and what is this value called? One hash (sha256) and one canonical
// encoding for everything that gets a name. Knows nothing of stores, stages or keys.
import { createHash } from "node:crypto"
import { Schema } from "effect"

const hex64 = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/, { expected: "64 lower-case hex digits" }))

/** The sha256 of some bytes: the name of a blob. */
export const Digest = hex64.pipe(Schema.brand("Digest"))
export type Digest = typeof Digest.Type

/** The sha256 of what a node means: the name of a record. */
export const Key = hex64.pipe(Schema.brand("Key"))
export type Key = typeof Key.Type

/** Plain data: what may enter a key, a record or a journal. */
export type Data = null | boolean | number | string | ReadonlyArray<Data> | { readonly [name: string]: Data }

/** The digest of bytes, or of a text in UTF-8. */
export const digestOf = (bytes: Uint8Array | string): Digest => createHash("sha256").update(bytes).digest("hex") as Digest

/**
 * The one text that stands for a value: every part opens with its type, strings and collections with their
 * length, records are sorted by name. No two values share a text (joins with separators would let
 * ["a,b"] meet ["a","b"]), and the order in which a record was built does not show.
 * Throws a TypeError naming the path of anything that is not plain data.
 */
export const canonical = (value: Data, path = "value"): string => {
  if (value === null) return "z"
  switch (typeof value) {
    case "boolean":
      return value ? "t" : "f"
    case "number":
      // The shortest text that reads back as the same double is unique; only -0 would be lost.
      return `n${Object.is(value, -0) ? "-0" : String(value)};`
    case "string":
      return text(value)
    case "object":
      return Array.isArray(value) ? list(value, path) : record(value as { readonly [name: string]: Data }, path)
    default:
      throw new TypeError(`${path} is a ${typeof value}, which is not plain data`)
  }
}

const text = (value: string): string => `s${value.length}:${value}`

const list = (values: ReadonlyArray<Data>, path: string): string =>
  `l${values.length}:${values.map((value, i) => canonical(value, `${path}[${i}]`)).join("")}`

const record = (value: { readonly [name: string]: Data }, path: string): string => {
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path} is a ${value.constructor.name}, which is not plain data`)
  }
  const names = Object.keys(value).sort()
  return `r${names.length}:${names.map((name) => text(name) + canonical(value[name]!, `${path}.${name}`)).join("")}`
}

/** The digest of a value of a kind. The kind comes first, so that equal values of two kinds get two names. */
export const digestOfValue = (kind: string, value: Data): Digest => digestOf(text(kind) + canonical(value))
