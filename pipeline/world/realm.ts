// Is what all code of a process shares still as it was? The global names, the built-in objects with their prototypes,
// the environment, and what packages export. A node that changes them would be met by the next one.
import { format } from "node:util"
import { environment, environmentVersion, restoreEnvironment } from "./environment.ts"
import { words } from "./names.ts"

type Key = string | symbol

/** One object of many: its members as they were seen. */
interface Seen {
  readonly name: string
  readonly of: object
  readonly known: ReadonlySet<Key>
  readonly keys: ReadonlyArray<Key>
  readonly values: ReadonlyArray<unknown>
  /** Those that are computed when they are read: by the functions that do it. */
  readonly computed: ReadonlyArray<readonly [Key, unknown, unknown]>
}

const seen = (name: string, of: object): Seen => {
  const described = Reflect.ownKeys(of).map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)!] as const)
  const plain = described.filter(([, each]) => "value" in each)
  return {
    name,
    of,
    // Only now: some members of Node begin to be, with others, when somebody looks at them.
    known: new Set(Reflect.ownKeys(of)),
    keys: plain.map(([key]) => key),
    values: plain.map(([, { value }]) => value as unknown),
    computed: described.flatMap(([key, each]) => ("value" in each ? [] : [[key, each.get, each.set] as const])),
  }
}

// Some names of Node become plain ones when somebody first asks for them; and Effect says there which fiber runs now.
const seenGlobals = (): Seen => {
  const { keys, values, ...all } = seen("globalThis", globalThis)
  const own = keys.map((key) => !isOfEffect(key))
  return { ...all, keys: keys.filter((_, i) => own[i]), values: values.filter((_, i) => own[i]), computed: [] }
}
const isOfEffect = (key: Key): boolean => typeof key === "string" && key.startsWith("~effect/")

/** The name of a member that changed; undefined where none did. */
const changeIn = ({ name, of, known, keys, values, computed }: Seen): string | undefined => {
  const members = of as { readonly [key: Key]: unknown }
  for (let i = 0; i < keys.length; i++) if (!Object.is(members[keys[i]!], values[i])) return memberName(name, keys[i]!)
  for (const [key, get, set] of computed) {
    const now = Reflect.getOwnPropertyDescriptor(of, key)
    if (now === undefined || now.get !== get || now.set !== set) return memberName(name, key)
  }
  const all = Reflect.ownKeys(of)
  if (all.length === known.size) return undefined
  const added = all.find((key) => !known.has(key) && !isOfEffect(key))
  return added === undefined ? undefined : memberName(name, added)
}

/** Puts the members back as they were, as far as that can be done. */
const restore = ({ of, known, keys, values }: Seen): void => {
  for (const key of Reflect.ownKeys(of)) if (!known.has(key) && !isOfEffect(key)) Reflect.deleteProperty(of, key)
  keys.forEach((key, i) => {
    const now = Reflect.getOwnPropertyDescriptor(of, key)
    if (now === undefined || !("value" in now) || !Object.is(now.value, values[i]))
      Reflect.defineProperty(of, key, {
        configurable: true,
        writable: true,
        enumerable: now?.enumerable ?? false,
        value: values[i],
      })
  })
}

const memberName = (name: string, key: Key): string =>
  typeof key === "string" ? `${name}.${key}` : `${name}[${format(key)}]`

const hidden: ReadonlyArray<readonly [string, object]> = [
  ["TypedArray", Object.getPrototypeOf(Uint8Array) as object],
  ["Generator", Object.getPrototypeOf(function* () {}) as object],
  ["AsyncFunction", Object.getPrototypeOf(async function () {}) as object],
  ["AsyncGenerator", Object.getPrototypeOf(async function* () {}) as object],
  ["Array Iterator", Object.getPrototypeOf([][Symbol.iterator]()) as object],
  ["Map Iterator", Object.getPrototypeOf(new Map()[Symbol.iterator]()) as object],
  ["Set Iterator", Object.getPrototypeOf(new Set()[Symbol.iterator]()) as object],
  ["String Iterator", Object.getPrototypeOf(""[Symbol.iterator]()) as object],
  ["RegExp String Iterator", Object.getPrototypeOf("".matchAll(/a/g)) as object],
]

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function"

/** Everything that the language and Node give to all code. */
const intrinsics = (): ReadonlyArray<Seen> => {
  const found: Array<Seen> = [seenGlobals()]
  const known = new Set<object>([globalThis, process])
  const add = (name: string, of: unknown): void => {
    if (!isObject(of) || known.has(of)) return
    known.add(of)
    found.push(seen(name, of))
    const { value } = Reflect.getOwnPropertyDescriptor(of, "prototype") ?? {}
    add(`${name}.prototype`, value)
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value } = Reflect.getOwnPropertyDescriptor(globalThis, name)!
    if (isLanguage.has(name)) add(name, value)
  }
  for (const name of Object.getOwnPropertyNames(Intl)) add(`Intl.${name}`, Reflect.get(Intl, name))
  for (const [name, of] of hidden) add(name, of)
  return found
}
const isLanguage = new Set(
  words(`
  Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Iterator Proxy Reflect JSON Math
  Intl Atomics Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ArrayBuffer
  SharedArrayBuffer DataView Map Set WeakMap WeakSet WeakRef FinalizationRegistry Int8Array Uint8Array
  Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array
  Float32Array Float64Array Buffer TextEncoder TextDecoder URL URLSearchParams EventTarget AbortController
`),
)

// Of the old kind, too: a function whose prototype has methods.
const isClass = (value: object): boolean => {
  const prototype: unknown = typeof value === "function" ? value.prototype : undefined
  return isObject(prototype) && Reflect.ownKeys(prototype).length > 1
}

/** What packages export, and the members of what they export. */
const exportsOf = (packages: ReadonlyMap<string, object>): ReadonlyArray<Seen> => {
  const found: Array<Seen> = []
  const known = new Set<object>()
  for (const [name, namespace] of packages) {
    found.push(seen(name, namespace))
    for (const key of Reflect.ownKeys(namespace)) {
      const value: unknown = Reflect.get(namespace, key)
      // What a class counts of its own making (the ids of its things) is a package's own.
      if (!isObject(value) || known.has(value) || isClass(value)) continue
      known.add(value)
      found.push(seen(memberName(name, key), value))
    }
  }
  return found
}

/** Watches what is shared: tells what changed since it was last told to take things as they are. */
export class Realm {
  #intrinsics = intrinsics()
  #environment = environment()
  #version = environmentVersion()
  readonly #packages = new Map<string, ReadonlyArray<Seen>>()

  /** The name of something that changed; undefined where nothing did. `packages` are those to look at. */
  change(packages: ReadonlyMap<string, object>): string | undefined {
    for (const each of this.#intrinsics) {
      const found = changeIn(each)
      if (found !== undefined) return found
    }
    if (this.#isOtherEnvironment()) return "process.env"
    for (const name of packages.keys()) {
      for (const each of this.#packages.get(name) ?? []) {
        const found = changeIn(each)
        if (found !== undefined) return found
      }
    }
    return undefined
  }

  /** Puts what is shared back as it was, for who cannot begin anew. */
  restore(): void {
    for (const each of this.#intrinsics) if (changeIn(each) !== undefined) restore(each)
    for (const all of this.#packages.values()) for (const each of all) if (changeIn(each) !== undefined) restore(each)
    if (this.#isOtherEnvironment()) restoreEnvironment(this.#environment)
  }

  // To read all variables takes longer than a small stage: only where somebody wrote one.
  #isOtherEnvironment(): boolean {
    if (environmentVersion() === this.#version) return false
    const isOther = environment() !== this.#environment
    if (!isOther) this.#version = environmentVersion()
    return isOther
  }

  /** Whether what a package exports was looked at already. */
  knows(name: string): boolean {
    return this.#packages.has(name)
  }

  /** Takes what is shared as it is now. */
  accept(packages: ReadonlyMap<string, object> = new Map()): void {
    this.#intrinsics = intrinsics()
    this.#environment = environment()
    this.#version = environmentVersion()
    for (const [name, namespace] of packages) this.#packages.set(name, exportsOf(new Map([[name, namespace]])))
  }
}
