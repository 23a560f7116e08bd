// Which things do all nodes of a process share by the language and by Node? The classes with their prototypes are
// watched, for packages may add to them. Functions that make nothing are frozen once: nobody has reason to change one,
// and there are more of them than could be looked at after every node.
import { createSecretKey } from "node:crypto"
import { createRequire } from "node:module"
import { getDefaultHighWaterMark, Readable, setDefaultHighWaterMark } from "node:stream"
import { inspect, promisify, types } from "node:util"
import { behind } from "./guard.ts"
import { pure, words } from "../code/names.ts"
import { isObject, memberName, seen, seenValue, type Seen } from "./snapshot.ts"

const load = createRequire(import.meta.url)

/** Whether a thing makes others, which find its prototype: of the old kind, too. */
export const isClass = (value: unknown): value is object => {
  if (typeof value !== "function") return false
  const prototype: unknown = value.prototype
  if (!isObject(prototype)) return false
  return Reflect.ownKeys(prototype).length > 1 || Reflect.getPrototypeOf(prototype) !== Object.prototype
}

const plain: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype, null])
/** Whether a thing only holds members, or makes nothing. */
export const isPlain = (of: unknown): of is object =>
  typeof of === "function" || (isObject(of) && plain.has(Reflect.getPrototypeOf(of)))

/** Finds all that hangs on what it is led to, and says of each what is to be done with it. */
export class Walk {
  readonly #known = new Set<object>([globalThis, process, process.env])
  readonly #found: Array<Seen> = []

  #fixed = false

  /** From now on classes are found to which nobody has reason to add: so it need not be looked for. */
  fix(): void {
    this.#fixed = true
  }

  knows(of: object): boolean {
    return this.#known.has(behind(of))
  }

  /** All that was found since this was asked last. */
  found(): ReadonlyArray<Seen> {
    return this.#found.splice(0)
  }

  /** Freezes what only holds members or makes nothing, and watches anything else. */
  lead(name: string, of: object): void {
    if (isClass(of) || types.isProxy(of) || !isPlain(of)) return this.watch(name, of)
    if (this.#known.has(of)) return
    this.#known.add(of)
    const { prototype } = of as { readonly prototype?: object }
    if (typeof of === "function" && prototype !== undefined) this.#known.add(Object.freeze(prototype))
    // Some members come to be when somebody asks for them, which they could not any more.
    if (typeof of === "object") for (const key of Reflect.ownKeys(of)) Reflect.get(of, key)
    this.#members(name, of)
    Object.freeze(of)
  }

  /** Watches a thing, and looks at what it leads to. To a root, packages may add. */
  watch(name: string, given: object, isRoot = false): void {
    const of = behind(given)
    if (this.#known.has(of) || types.isProxy(of)) return
    this.#known.add(of)
    this.#members(name, of)
    if (this.#fixed && !isRoot) Object.preventExtensions(of)
    this.#found.push(seen(name, of))
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

// As people write it, where they can.
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

// What a stage finds by another name than its own, too: behind views, and behind what is closed.
const language = words(`
  Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp Iterator Reflect JSON Math Atomics
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError ArrayBuffer
  SharedArrayBuffer DataView Map Set WeakMap WeakSet WeakRef FinalizationRegistry DisposableStack AsyncDisposableStack
`)
const others = words("Intl WebAssembly AbortSignal Event CustomEvent EventTarget")

/** What the language gives, and Node under a global name. */
export const ofLanguage = (walk: Walk): ReadonlyArray<Seen> => {
  const lead = (name: string): void => {
    const of = Reflect.get(globalThis, name) as unknown
    // Packages may add to the objects that hold functions, as they may to classes.
    if (isPlain(of) && typeof of === "object") walk.watch(name, of, true)
    else if (isObject(of)) walk.lead(name, of)
  }
  language.forEach(lead)
  for (const name of [...pure].filter((each) => each.endsWith("Array"))) lead(name)
  walk.fix()
  for (const name of [...others, ...pure]) lead(name)
  for (const [name, of] of Object.entries(hidden)) walk.watch(name, of() as object)
  const computed = ["Buffer", "process"].map((name) =>
    seenValue(
      name,
      () => Reflect.get(globalThis, name) as unknown,
      (value) => Reflect.set(globalThis, name, value),
    ),
  )
  return [...walk.found(), ...computed]
}

// Those that warn when somebody loads them are left out: they hold nothing of their own.
const parts = words(`
  stream events assert buffer path querystring string_decoder url util zlib async_hooks stream/promises stream/web
  stream/consumers crypto timers timers/promises v8 os fs
`)

/** What Node gives in its modules. */
export const ofNode = (walk: Walk): ReadonlyArray<Seen> => {
  const values: Array<Seen> = []
  const modules = parts.map((name) => [name, load(`node:${name}`) as { readonly [name: string]: unknown }] as const)
  for (const [name, of] of modules) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (typeof value !== "function" || !(promisify.custom in value)) continue
      // `promisify` writes to what it finds there, and does so now: so this is not frozen, and does not change later.
      walk.watch(`the promise of ${name}.${key}`, promisify(value as () => void), true)
    }
  }
  for (const [name, of] of modules) {
    walk.watch(isClass(of) ? String(of["name"]) : name, of, true)
    for (const [key, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (get === undefined || name === "crypto" || name === "fs") continue
      // Some begin to be when somebody asks for them, and some are a setting.
      const value: unknown = of[key]
      if (isObject(value)) walk.lead(`${name}.${key}`, value)
      else if (set !== undefined) values.push(seenValue(`${name}.${key}`, () => of[key], set.bind(of)))
    }
  }
  walk.watch("crypto's SecretKeyObject", Object.getPrototypeOf(createSecretKey(Buffer.alloc(1))) as object)
  walk.watch("the iterator of a Readable", Object.getPrototypeOf(Readable.from([])[Symbol.asyncIterator]()) as object)
  walk.watch("util.inspect.defaultOptions", inspect.defaultOptions)
  for (const objects of [true, false])
    values.push(
      seenValue(
        "the default of stream.setDefaultHighWaterMark",
        () => getDefaultHighWaterMark(objects),
        (size) => setDefaultHighWaterMark(objects, size),
      ),
    )
  return [...walk.found(), ...values]
}
