// Finds the objects that all nodes of a process share because the language or Node provides them. Classes with their
// prototypes are watched, because packages may add to them. Functions that are not classes are frozen once: nobody has
// reason to change one, and there are too many to check after every node. Knows nothing about the exports of packages.
import { createSecretKey } from "node:crypto"
import { createRequire } from "node:module"
import { getDefaultHighWaterMark, Readable, setDefaultHighWaterMark } from "node:stream"
import { inspect, promisify, types } from "node:util"
import { behind } from "./guard.ts"
import { pure, words } from "../code/names.ts"
import { isObject, memberName, snapshotOf, snapshotOfValue, type Snapshot } from "./snapshot.ts"

const load = createRequire(import.meta.url)

/** Whether a value is a class, whose instances find its prototype. Constructor functions of the old kind count too. */
export const isClass = (value: unknown): value is object => {
  if (typeof value !== "function") return false
  const prototype: unknown = value.prototype
  if (!isObject(prototype)) return false
  return Reflect.ownKeys(prototype).length > 1 || Reflect.getPrototypeOf(prototype) !== Object.prototype
}

const plain: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype, null])
/** Whether a value is a function, or an object that only holds members. */
export const isPlain = (of: unknown): of is object =>
  typeof of === "function" || (isObject(of) && plain.has(Reflect.getPrototypeOf(of)))

/** Finds every object that the given objects lead to, and decides for each object whether it is frozen or watched. */
export class Walk {
  readonly #known = new Set<object>([globalThis, process, process.env])
  readonly #found: Array<Snapshot> = []

  #fixed = false

  /**
   * From now on the walk finds classes to which nobody has reason to add members. They are closed to new members, so
   * new members need not be looked for.
   */
  fix(): void {
    this.#fixed = true
  }

  knows(of: object): boolean {
    return this.#known.has(behind(of))
  }

  /** All snapshots that were made since the last call. */
  found(): ReadonlyArray<Snapshot> {
    return this.#found.splice(0)
  }

  /** Freezes an object that only holds members, or a function that is not a class. Watches any other object. */
  lead(name: string, of: object): void {
    if (isClass(of) || types.isProxy(of) || !isPlain(of)) return this.watch(name, of)
    if (this.#known.has(of)) return
    this.#known.add(of)
    const { prototype } = of as { readonly prototype?: object }
    if (typeof of === "function" && prototype !== undefined) this.#known.add(Object.freeze(prototype))
    // Some members are created at their first read, which a frozen object would not allow.
    if (typeof of === "object") for (const key of Reflect.ownKeys(of)) Reflect.get(of, key)
    this.#members(name, of)
    Object.freeze(of)
  }

  /** Watches an object and visits the objects that it leads to. Packages may add members to a root. */
  watch(name: string, given: object, isRoot = false): void {
    const of = behind(given)
    if (this.#known.has(of) || types.isProxy(of)) return
    this.#known.add(of)
    this.#members(name, of)
    if (this.#fixed && !isRoot) Object.preventExtensions(of)
    this.#found.push(snapshotOf(name, of))
  }

  #members(name: string, of: object): void {
    const above = Reflect.getPrototypeOf(of)
    if (above !== null) this.watch(nameOfPrototype(above, name), above)
    for (const key of Reflect.ownKeys(of)) {
      const described = Reflect.getOwnPropertyDescriptor(of, key)!
      for (const each of [described.value, described.get, described.set] as ReadonlyArray<unknown>)
        if (isObject(each)) this[key === "prototype" ? "watch" : "lead"](memberName(name, key), each)
    }
  }
}

// The name as people write it, if there is one.
const nameOfPrototype = (of: object, below: string): string => {
  if (isClass(of) && "name" in of) return String(of.name)
  const made: unknown = Reflect.getOwnPropertyDescriptor(of, "constructor")?.value
  return typeof made === "function" && made.prototype === of ? `${made.name}.prototype` : `the prototype of ${below}`
}

const iterators = Reflect.get(globalThis, "Iterator") as {
  readonly from: (of: object) => { readonly map: (as: (value: unknown) => unknown) => object }
}
const hidden: { readonly [name: string]: () => unknown } = {
  TypedArray: () => Object.getPrototypeOf(Uint8Array),
  Generator: () => Object.getPrototypeOf(function* () {}),
  AsyncFunction: () => Object.getPrototypeOf(async () => {}),
  AsyncGenerator: () => Object.getPrototypeOf(async function* () {}),
  "Array Iterator": () => Object.getPrototypeOf([][Symbol.iterator]()),
  "Map Iterator": () => Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  "Set Iterator": () => Object.getPrototypeOf(new Set()[Symbol.iterator]()),
  "String Iterator": () => Object.getPrototypeOf(""[Symbol.iterator]()),
  "RegExp String Iterator": () => Object.getPrototypeOf("".matchAll(/a/g)),
  "Iterator Helper": () => Object.getPrototypeOf(iterators.from([]).map(String)),
  "Wrap for Valid Iterator": () => Object.getPrototypeOf(iterators.from({ next: () => ({ done: true }) })),
  Segments: () => Object.getPrototypeOf(new Intl.Segmenter().segment("")),
  "Segment Iterator": () => Object.getPrototypeOf(new Intl.Segmenter().segment("")[Symbol.iterator]()),
  "URLSearchParams Iterator": () => Object.getPrototypeOf(new URLSearchParams().keys()),
  "ReadableStream Iterator": () => Object.getPrototypeOf(new ReadableStream().values()),
}

// Includes objects that a stage finds under another name: behind views, and behind closed names.
const language = words(`
  Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Iterator Reflect JSON Math Atomics
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError ArrayBuffer
  SharedArrayBuffer DataView Map Set WeakMap WeakSet WeakRef FinalizationRegistry DisposableStack AsyncDisposableStack
`)
const others = words("Intl WebAssembly AbortSignal Event CustomEvent EventTarget")

/** The objects that the language provides, and the objects that Node provides under global names. */
export const ofLanguage = (walk: Walk): ReadonlyArray<Snapshot> => {
  const lead = (name: string): void => {
    const of = Reflect.get(globalThis, name) as unknown
    // Packages may add members to objects that hold functions, as they may to classes.
    if (isPlain(of) && typeof of === "object") walk.watch(name, of, true)
    else if (isObject(of)) walk.lead(name, of)
  }
  language.forEach(lead)
  for (const name of [...pure].filter((each) => each.endsWith("Array"))) lead(name)
  walk.fix()
  for (const name of [...others, ...pure]) lead(name)
  for (const [name, of] of Object.entries(hidden)) walk.watch(name, of() as object)
  const computed = ["Buffer", "process"].map((name) =>
    snapshotOfValue(
      name,
      () => Reflect.get(globalThis, name) as unknown,
      (value) => Reflect.set(globalThis, name, value),
    ),
  )
  return [...walk.found(), ...computed]
}

// Modules that print a warning when they are loaded are left out, because they hold nothing of their own.
const parts = words(`
  stream events assert buffer path querystring string_decoder url util zlib async_hooks stream/promises stream/web
  stream/consumers crypto timers timers/promises v8 os fs
`)

/** The objects in Node's modules. */
export const ofNode = (walk: Walk): ReadonlyArray<Snapshot> => {
  const values: Array<Snapshot> = []
  const modules = parts.map((name) => [name, load(`node:${name}`) as { readonly [name: string]: unknown }] as const)
  for (const [name, of] of modules) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (typeof value !== "function" || !(promisify.custom in value)) continue
      // `promisify` writes to the function that it finds there, so the function is not frozen. `promisify` writes
      // now, so the function does not change later.
      walk.watch(`the promise of ${name}.${key}`, promisify(value as () => void), true)
    }
  }
  for (const [name, of] of modules) {
    walk.watch(isClass(of) ? String(of["name"]) : name, of, true)
    for (const [key, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (get === undefined || name === "crypto" || name === "fs") continue
      // Some members are created at their first read, and some are settings.
      const value: unknown = of[key]
      if (isObject(value)) walk.lead(`${name}.${key}`, value)
      else if (set !== undefined) values.push(snapshotOfValue(`${name}.${key}`, () => of[key], set.bind(of)))
    }
  }
  walk.watch("crypto's SecretKeyObject", Object.getPrototypeOf(createSecretKey(Buffer.alloc(1))) as object)
  walk.watch("the iterator of a Readable", Object.getPrototypeOf(Readable.from([])[Symbol.asyncIterator]()) as object)
  walk.watch("util.inspect.defaultOptions", inspect.defaultOptions)
  for (const objects of [true, false])
    values.push(
      snapshotOfValue(
        "the default of stream.setDefaultHighWaterMark",
        () => getDefaultHighWaterMark(objects),
        (size) => setDefaultHighWaterMark(objects, size),
      ),
    )
  return [...walk.found(), ...values]
}
