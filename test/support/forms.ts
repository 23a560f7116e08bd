// Values of every form: those that are no plain data, each with the sentence that refuses it, and those that are, with
// all that an encoding likes to lose.
import { runInNewContext } from "node:vm"

/** Something that is not plain: how a message goes on behind the path, and what comes behind its own path. */
export interface Form {
  readonly form: string
  readonly make: () => unknown
  readonly says: string
  readonly further?: string
}

class Point {
  x = 1
  get y(): number {
    return 2
  }
}
class Points extends Array<number> {}

const hidden = (value: object, key: string | symbol): object => Object.defineProperty(value, key, { value: 1 })
const computed = (list: Array<unknown>, at: number): Array<unknown> =>
  Object.defineProperty(list, at, { get: () => list, enumerable: true })
const long = (): Array<number> => Array.from({ length: 60_000 }, (_, i) => i)
const getter = "is a getter or a setter"
const symbol = "is a member named by a symbol"
const more = "is a member beside the items of a list"

export const foreignForms: ReadonlyArray<Form> = [
  { form: "undefined", make: () => undefined, says: "is undefined" },
  { form: "a bigint", make: () => 2n ** 64n, says: "is a bigint" },
  { form: "a function", make: () => () => 1, says: "is a function" },
  { form: "a class", make: () => Point, says: "is a function" },
  { form: "a symbol", make: () => Symbol("x"), says: "is a symbol" },
  { form: "a Map", make: () => new Map([["a", 1]]), says: "is a Map" },
  { form: "an empty Set", make: () => new Set(), says: "is a Set" },
  { form: "a WeakMap", make: () => new WeakMap(), says: "is a WeakMap" },
  { form: "a Date, which has a toJSON,", make: () => new Date(0), says: "is a Date" },
  { form: "a URL, which has one, too,", make: () => new URL("https://example.org"), says: "is a URL" },
  { form: "a RegExp", make: () => /x/, says: "is a RegExp" },
  { form: "an Error", make: () => new RangeError("x"), says: "is a RangeError" },
  { form: "an Error of another realm", make: () => runInNewContext("new TypeError('x')"), says: "is a TypeError" },
  { form: "a Promise", make: () => Promise.resolve(1), says: "is a Promise" },
  { form: "an iterator", make: () => [1].values(), says: "is an Iterator" },
  { form: "a boxed number", make: () => Object(1) as unknown, says: "is a Number" },
  { form: "a boxed text", make: () => Object("x") as unknown, says: "is a String" },
  { form: "a boxed boolean", make: () => Object(false) as unknown, says: "is a Boolean" },
  { form: "a boxed bigint", make: () => Object(1n) as unknown, says: "is a BigInt" },
  { form: "an array of numbers", make: () => Float64Array.of(1), says: "is a Float64Array" },
  { form: "a Buffer", make: () => Buffer.from("x"), says: "is a Buffer" },
  { form: "an ArrayBuffer", make: () => new ArrayBuffer(1), says: "is an ArrayBuffer" },
  { form: "an instance of a class", make: () => new Point(), says: "is a Point" },
  {
    form: "an instance of a class without a name",
    make: () =>
      new (class {
        x = 1
      })(),
    says: "is a value of a class",
  },
  { form: "a list of a class of its own", make: () => Points.of(1), says: "is a Points" },
  { form: "a record without a prototype", make: () => Object.create(null), says: "is a record without a prototype" },
  { form: "a record that inherits a member", make: () => Object.create({ a: 1 }) as unknown, says: "is an Object" },
  { form: "a record with a toJSON", make: () => ({ toJSON: () => 1 }), further: ".toJSON", says: "is a function" },
  { form: "a member that is undefined", make: () => ({ a: undefined }), further: ".a", says: "is undefined" },
  {
    form: "a getter",
    make: () => ({
      get a() {
        return 1
      },
    }),
    further: ".a",
    says: getter,
  },
  { form: "a setter", make: () => ({ set a(_: number) {} }), further: ".a", says: getter },
  { form: "a getter in a list", make: () => computed([1, 2], 0), further: "[0]", says: getter },
  { form: "a getter far in a list", make: () => computed(long(), 59_999), further: "[59999]", says: getter },
  { form: "a getter of a list", make: () => computed([1, [2]], 1), further: "[1]", says: getter },
  { form: "a hidden one", make: () => hidden({}, "a"), further: ".a", says: "is a member that is not enumerable" },
  { form: "a member named by a symbol", make: () => ({ [Symbol("x")]: 1 }), further: "[Symbol(x)]", says: symbol },
  { form: "a hidden symbol", make: () => hidden({}, Symbol.search), further: "[Symbol(Symbol.search)]", says: symbol },
  { form: "the object Math", make: () => Math, further: "[Symbol(Symbol.toStringTag)]", says: symbol },
  { form: "a hole in a list", make: () => Object.assign(Array(2), { 0: 1 }), further: "[1]", says: "is undefined" },
  { form: "a list of holes", make: () => Array(3), further: "[0]", says: "is undefined" },
  { form: "the end of a long list", make: () => [...long(), undefined], further: "[60000]", says: "is undefined" },
  { form: "what a regular expression matched", make: () => /a/.exec("a"), further: ".index", says: more },
  { form: "a list with a hidden member", make: () => hidden([1], "raw"), further: ".raw", says: more },
  { form: "a list with a symbol", make: () => hidden([1], Symbol("x")), further: "[Symbol(x)]", says: more },
  { form: "a long list with a member", make: () => Object.assign(long(), { unit: "s" }), further: ".unit", says: more },
  { form: "a long list with a hidden member", make: () => hidden(long(), "-1"), further: `["-1"]`, says: more },
]

const circle = (): object => {
  const value: { self?: unknown } = {}
  value.self = [value]
  return value
}
const listInItself = (): unknown => {
  const list: Array<unknown> = []
  list.push(list)
  return list
}
const nested = (levels: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = { next: value }
  return value
}

const tooDeep = /^value\.next\.next\.next… goes deeper than 1000 levels, /

/** Values that hold themselves, or go on and on, and all that a message says of them. */
export const endless: ReadonlyArray<{ readonly form: string; readonly make: () => unknown; readonly says: RegExp }> = [
  { form: "a circle", make: circle, says: /^value\.self\[0\] is value again, a circle, / },
  { form: "one further in", make: () => [0, circle()], says: /^value\[1\]\.self\[0\] is value\[1\] again, a circle, / },
  { form: "a list in itself", make: listInItself, says: /^value\[0\] is value again, a circle, / },
  { form: "too many levels", make: () => nested(1001), says: tooDeep },
  { form: "more than a stack has", make: () => nested(1e6), says: tooDeep },
]

const shared = { x: [1] }
const methods = { constructor: 1, toString: "x", hasOwnProperty: null, toJSON: 2, valueOf: [], length: 3 }

/** Plain data, with what an encoding likes to lose; and the same from this realm, where it is from elsewhere. */
export const plainForms: ReadonlyArray<readonly [form: string, value: unknown, same?: unknown]> = [
  ["null", null],
  ["booleans", [true, false]],
  ["no items and no members", [[], {}, ""]],
  ["zeros with their sign", [0, -0, { x: -0 }]],
  ["the smallest and the largest numbers", [5e-324, -5e-324, Number.MAX_VALUE, Number.EPSILON, 1e21, 1e-7]],
  ["numbers beyond 2 ** 53", [2 ** 53, 2 ** 53 + 2, 123456789012345680000]],
  ["sums that do not come out", [0.1 + 0.2, 1 / 3, -1.7976931348623157e308]],
  ["texts that need escapes", ['"\\\b\f\n\r\t\0\u001f\u007f', "\u2028\u2029", "</script>"]],
  ["texts outside of Latin", ["\ufeff", "é", "e\u0301", "𝒳", "👩‍🚀", "\uffff"]],
  ["a member called __proto__", JSON.parse(`{"__proto__":{"x":1},"a":[{"__proto__":null}]}`)],
  ["members with the names of methods", methods],
  ["members with odd names", { "": 1, " ": 2, "a.b": 3, "10": 4, "9": 5, "-0": 6, "é\0": 7 }],
  ["one list in two places", [shared, shared, { again: shared.x }]],
  ["frozen data", Object.freeze({ list: Object.freeze([1]) })],
  ["levels nearly without end", nested(999)],
  ["a long list", long()],
  ["fifty texts", Array.from({ length: 50 }, (_, i) => String(i))],
  ["data of another realm", runInNewContext("({ list: [1, { x: 'a' }] })"), { list: [1, { x: "a" }] }],
  ["a proxy of plain data", new Proxy({ of: [1] }, {}), { of: [1] }],
]
