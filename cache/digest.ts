// What are these bytes called, and what is this value called? One hash (sha256) and one canonical
// encoding for everything that gets a name. Knows nothing of stores, stages or keys.
import { hash } from "node:crypto"
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
export const digestOf = (bytes: Uint8Array | string): Digest => hash("sha256", bytes, "hex") as Digest

/**
 * The one text that stands for a value: every part opens with its type, strings and collections with their
 * length, records are sorted by name. No two values share a text (joins with separators would let
 * ["a,b"] meet ["a","b"]), and the order in which a record was built does not show.
 * Throws a TypeError naming the path of anything that is not plain data, in which the value is called `name`.
 */
export const canonical = (value: Data, name = "value"): string => {
  try {
    return textOf(value)
  } catch (error) {
    // The path is asked for only here: to carry it along would take as long as the text.
    if (error instanceof Foreign) throw new TypeError(`${name}${error.path} is a ${error.what}, which is not plain data`, { cause: error })
    throw error
  }
}

/** The same record with its text remembered, for one that is part of thousands of values. It must hold no other records. */
export const lasting = <A extends { readonly [name: string]: string }>(record: A): A => {
  texts.set(record, textOf(record))
  return Object.freeze(record)
}
const texts = new WeakMap<object, string>()

/** Something that is not plain data, and where it is, told from the inside out. */
class Foreign extends Error {
  readonly what: string
  path = ""
  constructor(what: string) {
    super()
    this.what = what
  }
}

const textOf = (value: Data): string => {
  if (value === null) return "z"
  switch (typeof value) {
    case "boolean":
      return value ? "t" : "f"
    case "number":
      // The shortest text that reads back as the same double is unique; only -0 would be lost.
      return `n${Object.is(value, -0) ? "-0" : String(value)};`
    case "string":
      return quoted(value)
    case "object":
      return Array.isArray(value) ? list(value) : (texts.get(value) ?? record(value as { readonly [name: string]: Data }))
    default:
      throw new Foreign(typeof value)
  }
}

const quoted = (value: string): string => {
  // Half a character has no bytes of its own: two such texts would be one.
  if (!value.isWellFormed()) throw new Foreign("text with half a character")
  return `s${value.length}:${value}`
}

const inside = (value: Data, step: () => string): string => {
  try {
    return textOf(value)
  } catch (error) {
    if (error instanceof Foreign) error.path = step() + error.path
    throw error
  }
}

const list = (values: ReadonlyArray<Data>): string => {
  let text = `l${values.length}:`
  for (let i = 0; i < values.length; i++) text += inside(values[i]!, () => `[${i}]`)
  return text
}

const record = (value: { readonly [name: string]: Data }): string => {
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== Object.prototype && prototype !== null) throw new Foreign(value.constructor.name)
  const names = Object.keys(value).sort()
  let text = `r${names.length}:`
  for (const name of names) text += quoted(name) + inside(value[name]!, () => `.${name}`)
  return text
}

/** The digest of a value of a kind. The kind comes first, so that equal values of two kinds get two names. */
export const digestOfValue = (kind: string, value: Data): Digest => digestOf(quoted(kind) + canonical(value))
