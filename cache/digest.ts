// Gives names to bytes and values: one hash (sha256) and one canonical encoding for everything that gets a name. Knows
// nothing of stores, stages or keys.
import { hash } from "node:crypto"
import { Schema } from "effect"
import { writer } from "./plain.ts"
import { Unfit } from "./unfit.ts"

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
export const digestOf = (bytes: Uint8Array | string): Digest => hash("sha256", bytes, "hex") as Digest

// No two values share a text: every part begins with its type, and texts and collections also with their length. (With
// separators instead, ["a,b"] and ["a","b"] would share a text.)
const texts = new WeakMap<object, string>()
const quoted = (value: string): string => {
  // Half a character (a lone surrogate) has no bytes in UTF-8, so that two different texts would have the same bytes.
  if (!value.isWellFormed()) throw new Unfit("a text with half a character", "give whole characters")
  return `s${value.length}:${value}`
}
const write = writer({
  unfit: "which is not plain data",
  null: "z",
  true: "t",
  false: "f",
  // The shortest text that reads back as the same double is unique. It only loses the sign of -0.
  number: (value) => `n${Object.is(value, -0) ? "-0" : String(value)};`,
  text: quoted,
  list: (length) => `l${length}:`,
  record: (size) => `r${size}:`,
  between: "",
  afterName: "",
  endOfList: "",
  endOfRecord: "",
  known: (record) => texts.get(record),
})

/**
 * The one text that stands for a value. Two values share a text if and only if they are the same data; the order in
 * which their records were built does not count. NaN, the infinities and -0 are kept. Throws a TypeError for a value
 * that is not plain data (`plain.ts` defines plain data); the message gives the path, which begins with `name`. If the
 * value will be part of another value, `depth` says how many levels down.
 */
export const canonical = (value: Data, name?: string, depth?: number): string => write(value, name, depth)

/**
 * Remembers the text of a record that is part of thousands of values, and returns the record. It must hold no other
 * records.
 */
export const lasting = <A extends { readonly [name: string]: string }>(record: A): A => {
  texts.set(record, canonical(record))
  return Object.freeze(record)
}

/**
 * The digest of a value of a given kind. The kind comes first, so that equal values of two kinds get different digests.
 */
export const digestOfValue = (kind: string, value: Data): Digest => digestOf(quoted(kind) + canonical(value))
