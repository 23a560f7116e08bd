// A snapshot of one shared object: its members, its prototype and its content. Tells whether the object has changed
// since, and puts the object back. Knows nothing about which objects are shared.
import { format, types } from "node:util"
import { isOfPackage } from "./running.ts"

export type Key = string | symbol

export interface Snapshot {
  readonly name: string
  readonly of: object
  readonly prototype: unknown
  readonly extensible: boolean
  /** All members, to find added members; undefined if added members are not looked for. */
  readonly known: ReadonlySet<Key> | undefined
  readonly described: ReadonlyArray<readonly [Key, PropertyDescriptor]>
  readonly keys: ReadonlyArray<Key>
  readonly values: ReadonlyArray<unknown>
  /** Whether a member has the value undefined. */
  readonly hasBlank: boolean
  /** The members that are computed when they are read. */
  readonly computed: ReadonlyArray<readonly [Key, PropertyDescriptor]>
  readonly held: Held | undefined
  /**
   * Whether the object belongs to a package. The package may add functions of its own when it needs them, or make them
   * again.
   */
  readonly isOfPackage?: true
  /** Whether the package may set any value where no value was. */
  readonly isFilled?: boolean
  /** Takes a new snapshot of the same object. */
  readonly retake: () => Snapshot
}

/** The content that an object holds besides its members. */
interface Held {
  readonly name: string
  readonly same: () => boolean
  readonly restore: () => void
}

export const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function"

/** A snapshot of an object as it is now. */
export const snapshotOf = (name: string, of: object): Snapshot => {
  // The content of a typed array is compared as a whole, not by member.
  const own = ArrayBuffer.isView(of) ? [] : Reflect.ownKeys(of)
  const described = own.map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)!] as const)
  const plain = described.filter(
    ([, each]) => "value" in each && (each.writable === true || each.configurable === true),
  )
  const extensible = Reflect.isExtensible(of)
  const values = plain.map(([, { value }]) => value as unknown)
  return {
    name,
    of,
    prototype: Reflect.getPrototypeOf(of),
    extensible,
    // The keys are read only now, because looking at some members of Node creates other members.
    known: extensible && !ArrayBuffer.isView(of) ? new Set(Reflect.ownKeys(of)) : undefined,
    described,
    keys: plain.map(([key]) => key),
    values,
    hasBlank: values.includes(undefined),
    computed: described.filter(([, each]) => each.configurable === true && !("value" in each)),
    held: heldBy(name, of),
    retake: () => snapshotOf(name, of),
  }
}

/** The maximum number of members or bytes to compare. More would take longer than the nodes that the check protects. */
export const most = 10_000
const clear = { map: Map.prototype.clear, set: Set.prototype.clear }
const put = { map: Map.prototype.set, set: Set.prototype.add }

const heldBy = (name: string, of: object): Held | undefined => {
  const held = holding(of)
  return held === undefined ? undefined : { name: `what ${name} holds`, ...held }
}

const holding = (of: object): Omit<Held, "name"> | undefined => {
  if (types.isMap(of)) {
    if (of.size > most) return undefined
    const entries = [...of]
    return {
      same: () => isSame(of, entries, ([key, value], [k, v]) => Object.is(key, k) && Object.is(value, v)),
      restore: () => {
        clear.map.call(of)
        for (const [key, value] of entries) put.map.call(of, key, value)
      },
    }
  }
  if (types.isSet(of)) {
    if (of.size > most) return undefined
    const items = [...of]
    return {
      same: () => isSame(of, items, Object.is),
      restore: () => {
        clear.set.call(of)
        for (const item of items) put.set.call(of, item)
      },
    }
  }
  if (types.isDate(of)) {
    const time = Number(of)
    return { same: () => Object.is(Number(of), time), restore: () => void of.setTime(time) }
  }
  if ((!ArrayBuffer.isView(of) && !types.isAnyArrayBuffer(of)) || of.byteLength > most) return undefined
  const bytes = (): Buffer => ("buffer" in of ? Buffer.from(of.buffer, of.byteOffset, of.byteLength) : Buffer.from(of))
  const copy = Buffer.from(bytes())
  return { same: () => copy.equals(bytes()), restore: () => void copy.copy(bytes()) }
}

const isSame = <A>(
  of: Iterable<A> & { readonly size: number },
  items: ReadonlyArray<A>,
  are: (a: A, b: A) => boolean,
): boolean => {
  if (of.size !== items.length) return false
  let i = 0
  for (const item of of) if (!are(item, items[i++]!)) return false
  return true
}

/** A snapshot of a value that only functions read and write. */
export const snapshotOfValue = (name: string, read: () => unknown, write: (value: never) => void): Snapshot => {
  const value = read()
  const held = { name, same: () => Object.is(read(), value), restore: () => write(value as never) }
  return { ...snapshotOf(name, Object.freeze({})), held, retake: () => snapshotOfValue(name, read, write) }
}

/**
 * Whether Effect itself writes a member: Effect keeps the running fiber and the defaults of services in such members.
 */
export const isOfEffect = (key: Key): boolean => typeof key === "string" && key.startsWith("~effect/")

// A package may also remove its function once the function was called. A different function in its place is a change.
const isOwn = (now: unknown, before: unknown): boolean =>
  (now === undefined && typeof before === "function") ||
  (isOfPackage(now) && (before === undefined || (typeof before === "function" && String(now) === String(before))))

const isOwnMember = (of: object, key: Key): boolean => {
  const { value, get, set } = Reflect.getOwnPropertyDescriptor(of, key)!
  return [value as unknown, get, set].every((each) => each === undefined || isOfPackage(each))
}

/** Whether a computed member became a value: the result of the computation. */
const isFound = (of: object, key: Key): boolean => "value" in Reflect.getOwnPropertyDescriptor(of, key)!

/** The name of the part of an object that changed; undefined if nothing changed. */
export const changeIn = (each: Snapshot): string | undefined => {
  const { name, of, keys, values, computed, known } = each
  const members = of as { readonly [key: Key]: unknown }
  for (let i = 0; i < keys.length; i++) {
    const [now, before] = [members[keys[i]!], values[i]]
    if (now === before || Object.is(now, before) || (each.isOfPackage && isOwn(now, before))) continue
    if (each.isFilled && before === undefined) continue
    return memberName(name, keys[i]!)
  }
  for (const [key, { get, set }] of computed) {
    const now = Reflect.getOwnPropertyDescriptor(of, key)
    if (now !== undefined && now.get === get && now.set === set) continue
    // A computed member that keeps its result replaces itself by a value.
    if (now === undefined || !each.isOfPackage || !(isFound(of, key) || isOwnMember(of, key)))
      return memberName(name, key)
  }
  // Nobody can set the prototype of an object that takes no more members.
  if (each.extensible && Reflect.getPrototypeOf(of) !== each.prototype) return `the prototype of ${name}`
  if (each.held?.same() === false) return each.held.name
  if (known === undefined) return undefined
  if (!Reflect.isExtensible(of)) return `${name}, which can take no more members,`
  const all = Reflect.ownKeys(of)
  // A member that is gone was found above, except one without a value and a function that its package removed. These
  // would hide a member that is added.
  if (all.length === known.size && !each.hasBlank && !each.isOfPackage) return undefined
  const added = all.find((key) => !known.has(key) && !isOfEffect(key) && !(each.isOfPackage && isOwnMember(of, key)))
  return added === undefined ? undefined : memberName(name, added)
}

/** Puts an object back as it was, as far as possible. */
export const restore = ({ of, known, described, prototype, held }: Snapshot): void => {
  for (const key of Reflect.ownKeys(of))
    if (known?.has(key) === false && !isOfEffect(key)) Reflect.deleteProperty(of, key)
  for (const [key, before] of described) {
    const now = Reflect.getOwnPropertyDescriptor(of, key)
    if (now === undefined || !Object.is(now.value, before.value) || now.get !== before.get || now.set !== before.set)
      Reflect.defineProperty(of, key, before)
  }
  if (Reflect.getPrototypeOf(of) !== prototype) Reflect.setPrototypeOf(of, prototype as object | null)
  if (held?.same() === false) held.restore()
}

export const memberName = (name: string, key: Key): string =>
  typeof key === "string" ? `${name}.${key}` : `${name}[${format(key)}]`
