// Defines plain data and writes it as one text. Plain data is null, booleans, numbers, texts, and lists and records of
// these. A value that the text would change or leave out is refused with its path. A notation says how each form is
// written. Knows nothing about what the text is for.
import { inspect } from "node:util"
import { foreign, naming, stepping, stepTo, TooDeep, Unfit } from "./unfit.ts"

/** A notation for plain data. */
export interface Notation {
  /** The end of the sentence "value.loss is NaN, …". */
  readonly unfit: string
  readonly null: string
  readonly true: string
  readonly false: string
  /** `number` and `text` may throw an `Unfit`. */
  readonly number: (value: number) => string
  readonly text: (value: string) => string
  readonly list: (length: number) => string
  readonly record: (size: number) => string
  readonly between: string
  readonly afterName: string
  readonly endOfList: string
  readonly endOfRecord: string
  /** The text of a record if the record was written before. */
  readonly known?: (record: object) => string | undefined
}

/** Deep enough for any data, and far below the limit of the stack. */
const deepest = 1000

/**
 * The text of a value. Error messages call the value `name`; `depth` is its level in the value that it is a part of.
 */
type Write = (value: unknown, name?: string, depth?: number) => string

/**
 * Writes plain data in a notation, with the members of a record sorted by name. Every value is read once. Throws a
 * TypeError with the path of a value that is not plain.
 */
export const writer = (notation: Notation): Write => {
  const textOf = (value: unknown, depth: number): string => {
    if (value === null) return notation.null
    switch (typeof value) {
      case "boolean":
        return value ? notation.true : notation.false
      case "number":
        return notation.number(value)
      case "string":
        return notation.text(value)
      case "object":
        if (depth === deepest) throw new TooDeep()
        return Array.isArray(value) ? list(value, depth + 1) : (notation.known?.(value) ?? record(value, depth + 1))
      default:
        throw foreign(value)
    }
  }

  const list = (values: ReadonlyArray<unknown>, depth: number): string => {
    requireList(values)
    let text = notation.list(values.length)
    for (let i = 0; i < values.length; i++) {
      if (i > 0) text += notation.between
      try {
        text += textOf(itemOf(values, i), depth)
      } catch (error) {
        throw stepping(error, `[${i}]`, values)
      }
    }
    return text + notation.endOfList
  }

  const record = (value: object, depth: number): string => {
    const { sorted, labels } = shapeOf(namesOf(value), depth)
    let text = notation.record(sorted.length)
    for (let i = 0; i < sorted.length; i++) {
      const member = memberOf(value, sorted[i]!)
      try {
        text += labels[i]! + textOf(member, depth)
      } catch (error) {
        throw stepping(error, stepTo(sorted[i]!), value)
      }
    }
    return text + notation.endOfRecord
  }

  // Records at one depth often have the same names, as rows do: the names are sorted and written only once.
  const shapes: Array<Shape> = []
  const shapeOf = (names: ReadonlyArray<string>, depth: number): Shape => {
    const last = shapes[depth]
    if (last !== undefined && isSame(last.names, names)) return last
    const sorted = names.toSorted()
    const labels = sorted.map((name, i) => (i > 0 ? notation.between : "") + nameOf(name) + notation.afterName)
    return (shapes[depth] = { names, sorted, labels })
  }
  const nameOf = (name: string): string => {
    try {
      return notation.text(name)
    } catch (error) {
      throw stepping(error, stepTo(name))
    }
  }

  return (value, name = "value", depth = 0) => naming(name, notation.unfit, () => textOf(value, depth))
}

/** The names of a record, and the text before each of its members. */
interface Shape {
  readonly names: ReadonlyArray<string>
  readonly sorted: ReadonlyArray<string>
  readonly labels: ReadonlyArray<string>
}

const isSame = (some: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean => {
  if (some.length !== others.length) return false
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false
  return true
}

/**
 * Copies lists and records, so that nobody else can change them. Throws as `writer` does if a list or a record is not
 * plain. Keeps any other value as it is and does not judge it.
 */
export const copyOf = (value: unknown, name: string): unknown =>
  naming(name, "which is not plain data", () => copied(value, 0))

const copied = (value: unknown, depth: number): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (depth === deepest) throw new TooDeep()
  if (Array.isArray(value)) {
    requireList(value)
    return value.map((_, i) => {
      try {
        return copied(itemOf(value, i), depth + 1)
      } catch (error) {
        throw stepping(error, `[${i}]`, value)
      }
    })
  }
  return Object.fromEntries(
    namesOf(value).map((name) => {
      const member = memberOf(value, name)
      if (typeof member !== "object") return [name, member]
      try {
        return [name, copied(member, depth + 1)]
      } catch (error) {
        throw stepping(error, stepTo(name), value)
      }
    }),
  )
}

/**
 * The members of a record, in their order. Throws an `Unfit` if a value is no record, or if it holds something that a
 * reader of its members would miss.
 */
export const membersOf = (value: unknown): Array<readonly [name: string, value: unknown]> => {
  if (typeof value !== "object" || value === null) throw foreign(value)
  return namesOf(value).map((name) => [name, memberOf(value, name)])
}

const namesOf = (value: object): ReadonlyArray<string> => {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== Object.prototype && !isOfAnotherRealm(prototype)) throw foreign(value)
  const names = Object.keys(value)
  if (Reflect.ownKeys(value).length > names.length) throw hiddenIn(value)
  return names
}

const hiddenIn = (value: object): unknown => {
  const [symbol] = Object.getOwnPropertySymbols(value)
  if (symbol !== undefined) return stepping(new Unfit("a member named by a symbol", elsewhere), stepTo(symbol))
  const names = new Set(Object.keys(value))
  const hidden = Object.getOwnPropertyNames(value).find((name) => !names.has(name))!
  return stepping(new Unfit("a member that is not enumerable", elsewhere), stepTo(hidden))
}

/** Whether this is the prototype of all records in another realm. */
const isOfAnotherRealm = (prototype: object | null): boolean =>
  prototype !== null && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf")

// Asking only for the getter takes a tenth of the time of asking for the whole property descriptor.
const getterOf = (of: object, key: PropertyKey): unknown => (Object.prototype as Looked).__lookupGetter__.call(of, key)
type Looked = typeof Object.prototype & { readonly __lookupGetter__: (this: object, key: PropertyKey) => unknown }

const memberOf = (value: object, name: string): unknown => {
  const member = getterOf(value, name) === undefined ? (value as Members)[name] : undefined
  if (member !== undefined) return member
  const { get, set } = Object.getOwnPropertyDescriptor(value, name)!
  if (get !== undefined || set !== undefined) throw stepping(computed(), stepTo(name))
  return undefined
}
interface Members {
  readonly [name: string]: unknown
}

/** An item of a list. Throws an `Unfit` if the item is a getter. */
export const itemOf = (values: ReadonlyArray<unknown>, i: number): unknown => {
  if (getterOf(values, i) !== undefined) throw computed()
  return values[i]
}

// A getter may give another value at the next reading.
const computed = (): Unfit => new Unfit("a getter or a setter", "give its value")

/** Throws an `Unfit` if a value is no plain list, or if it holds something that a reader of its items would miss. */
export function requireList(value: unknown): asserts value is ReadonlyArray<unknown> {
  if (!Array.isArray(value)) throw foreign(value)
  const prototype = Object.getPrototypeOf(value) as unknown
  // The prototype of all lists is itself a list, also in another realm.
  if (prototype !== Array.prototype && !Array.isArray(prototype)) throw foreign(value)
  if (hasItemsAlone(value)) return
  const items = new Set<string | symbol>(["length", ...Object.keys(value.slice())])
  const other = Reflect.ownKeys(value).find((key) => !items.has(key))!
  throw stepping(new Unfit("a member beside the items of a list", elsewhere), stepTo(other))
}

const elsewhere = "leave it out, or give it a place of its own"

/** Whether a list or an array of numbers has no members besides its items. */
export const hasItemsAlone = (values: ReadonlyArray<unknown> | Numbers): boolean => {
  const isList = Array.isArray(values)
  if (values.length <= 50) return Reflect.ownKeys(values).length <= values.length + (isList ? 1 : 0)
  // Listing the keys of a long list takes longer than writing the list. Node's `inspect` can leave the items out.
  const bare = isList ? values.slice() : (values as Numbers).subarray()
  return inspect(values, membersAlone) === inspect(bare, membersAlone)
}
type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array
const membersAlone = { depth: 0, maxArrayLength: 0, showHidden: true, customInspect: false }
