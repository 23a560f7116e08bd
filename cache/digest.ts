// What are these bytes called, and what is this value called? One hash (sha256) and one canonical
// encoding for everything that gets a name. Knows nothing of stores, stages or keys.
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

// No two values share a text: every part opens with its type, texts and collections with their length. (Joins with
// separators would let ["a,b"] meet ["a","b"].)
const texts = new WeakMap<object, string>()
const quoted = (value: string): string => {
  // It has no bytes of its own: two such texts would be one.
  if (!value.isWellFormed()) throw new Unfit("a text with half a character", "give whole characters")
  return `s${value.length}:${value}`
}
const write = writer({
  unfit: "which is not plain data",
  null: "z",
  true: "t",
  false: "f",
  // The shortest text that reads back as the same double is unique; only -0 would be lost.
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
 * The one text that stands for a value. Two values share a text where they are the same data, in whichever order
 * their records were built, and nowhere else: NaN, the infinities and -0 are kept. Throws a TypeError naming the path
 * of anything that is not plain data (plain.ts says what is), in which the value is called `name`. Where the value will
 * stand in another one, `depth` says how many levels down.
 */
export const canonical = (value: Data, name?: string, depth?: number): string => write(value, name, depth)

/**
 * The same record with its text remembered, for one that is part of thousands of values. It must hold no other records.
 */
export const lasting = <A extends { readonly [name: string]: string }>(record: A): A => {
  texts.set(record, canonical(record))
  return Object.freeze(record)
}

/** The digest of a value of a kind. The kind comes first, so that equal values of two kinds get two names. */
export const digestOfValue = (kind: string, value: Data): Digest => digestOf(quoted(kind) + canonical(value))
