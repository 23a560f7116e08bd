// Whatever the statements of a module do to what a value finds, the bundled value is the one that Node gives: by
// properties put on functions and classes, through other names, inside what is frozen, by what a call keeps.
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"
import { bundle } from "../../../pipeline/code/bundle.ts"
import { bundled, ranAs } from "../../support/bundled.ts"
import { directoryOf } from "../../support/directory.ts"

const load = (specifier: string) => import(specifier) as Promise<{ readonly [name: string]: unknown }>

/** The value of `value` in main.ts: as Node gives it, and as a worker runs it. */
const bothOf = async (text: string) => {
  const path = join(directoryOf({ "package.json": `{ "type": "module" }`, "main.ts": text }), "main.ts")
  const { value: own } = (await import(pathToFileURL(path).href)) as { readonly value: unknown }
  const value = await ranAs(await bundle(path, "value", dirname(path)), load)
  return { own, value: typeof value === "function" ? (value as () => unknown)() : value }
}

const forms: { readonly [what: string]: string } = {
  "a method put on a prototype":
    "class M { scale() { return 1 } }\nObject.assign(M.prototype, { scale() { return 2 } })\nexport const " +
    "value = new M().scale()",
  "a method that is assigned to a prototype":
    "class M { scale() { return 1 } }\nM.prototype.scale = () => 2\nexport const value = new M().scale()",
  "a static method that counts":
    "class R { static n = 0; static add(k: number) { this.n += k } }\nR.add(5)\nexport const value = R.n",
  "a static method that names its class":
    "class R { static n = 0; static add(k: number) { R.n += k } }\nR.add(5)\nexport const value = R.n",
  "a private static":
    "class R { static #n = 0; static add(k: number) { R.#n += k } static get n() { return R.#n } " +
    "}\nR.add(5)\nexport const value = R.n",
  "a constructor that counts":
    "class C { static n = 0; constructor() { C.n++ } }\nnew C()\nnew C()\nexport const value = C.n",
  "new.target": "class C { static n = 0; constructor() { new.target.n++ } }\nnew C()\nexport const value = C.n",
  "the constructor of a thing":
    "class C { static n = 0; hit() { (this.constructor as typeof C).n++ } }\nnew C().hit()\nexport const value = C.n",
  "a constructor that counts, of a class that is extended":
    "class C { static n = 0; constructor() { C.n++ } }\nclass D extends C {}\nnew D()\nexport const value = C.n",
  "a static setter": "class C { static m = 0; static set n(x: number) { C.m = x } }\nC.n = 3\nexport const value = C.m",
  "a class handed to a function":
    "const register = (c: { id?: number }) => { c.id = 7 }\nclass A { static id?: number " +
    "}\nregister(A)\nexport const value = A.id",
  "classes in a loop":
    "class A { static n?: number }\nclass B { static n?: number }\nfor (const c of [A, B]) c.n = 1\nexport " +
    "const value = [A.n, B.n]",
  "another name of a function":
    "const f = Object.assign(() => 1, { n: 0 })\nconst g = f\ng.n = 1\nexport const value = f.n",
  "a list that holds a function":
    "function f() {}\nconst all = [f]\n;(all[0] as unknown as { n: number }).n = 4\nexport const value = (f as " +
    "unknown as { n: number }).n",
  "a member that is computed": "class A { static n = 0 }\nconst key = 'n'\nA[key] = 3\nexport const value = A.n",
  "a call of a member that is computed":
    "class A { static n = 0; static add() { this.n++ } }\nconst key = 'add'\nA[key]()\nexport const value = A.n",
  "Object.assign to a function":
    "const f = (): number => (f as unknown as { n: number }).n\nObject.assign(f, { n: 2 })\nexport const value = f()",
  "Object.defineProperty of a class":
    "class A {}\nObject.defineProperty(A, 'n', { value: 2 })\nexport const value = Reflect.get(A, 'n')",
  "Object.defineProperties of a function":
    "function f() {}\nObject.defineProperties(f, { n: { value: 2 } })\nexport const value = Reflect.get(f, 'n')",
  "Object.setPrototypeOf":
    "class A {}\nclass B { get two() { return 2 } }\nObject.setPrototypeOf(A.prototype, B.prototype)\nexport " +
    "const value = Reflect.get(new A(), 'two')",
  "a mixin":
    "const mixin = (to: object) => { Object.assign(to, { two: () => 2 }) }\nclass A { two?: () => number " +
    "}\nmixin(A.prototype)\nexport const value = new A().two?.()",
  "a function that counts on itself":
    "function f() { const own = f as unknown as { n?: number }; return (own.n = (own.n ?? 0) + 1) " +
    "}\nf()\nexport const value = f()",
  "a frozen Map": "const t = Object.freeze(new Map())\nt.set('a', 7)\nexport const value = t.get('a')",
  "a list in what is frozen":
    "const o = Object.freeze({ list: [] as number[] })\no.list.push(7)\nexport const value = o.list",
  "a Map in what is `as const`":
    "const s = { m: new Map<string, number>() } as const\ns.m.set('a', 1)\nexport const value = s.m.size",
  "what a default keeps":
    "const mk = (seen = new Set<number>()) => (k: number) => seen.add(k).size\nconst next = " +
    "mk()\nnext(7)\nexport const value = next(8)",
  "what the rest keeps":
    "const mk = (...seen: number[]) => (k: number) => seen.push(k)\nconst next = mk()\nnext(7)\nexport const " +
    "value = next(8)",
  "what a function made at once keeps":
    "const next = (() => { let n = 0; return () => ++n })()\nnext()\nexport const value = next()",
  "an object of closures":
    "const make = () => { let n = 0; return { add: () => ++n } }\nconst a = make()\na.add()\nexport const " +
    "value = a.add()",
  "a generator": "const g = (function* () { yield 1; yield 2 })()\ng.next()\nexport const value = g.next().value",
  "an iterator that a spread empties":
    "const g = [1, 2, 3].values()\nexport const first = [...g]\nexport const value = [...g]",
  "a getter that counts": "const o = { n: 0, get next() { return ++this.n } }\no.next\nexport const value = o.n",
  "a coercion that counts":
    "const o = { n: 0, valueOf() { return ++this.n } }\nexport const other = +o\nexport const value = o.n",
  "a template that counts":
    "const o = { n: 0, toString() { return `${++this.n}` } }\nexport const other = `${o}`\nexport const value = o.n",
  "a tag that counts": "let n = 0\nconst tag = (_: TemplateStringsArray) => ++n\ntag`x`\nexport const value = n",
  "a destructuring assignment": "let [a, b] = [1, 2]\n;[a, b] = [b, a]\nexport const value = [a, b]",
  "an assignment in a condition": "let n = 0\nif ((n = 3)) {\n}\nexport const value = n",
  "an optional call": "const m = new Map<string, number>()\nm?.set?.('a', 1)\nexport const value = m.size",
  "a delete": "const o: { a?: number } = { a: 1 }\ndelete o.a\nexport const value = Object.keys(o).length",
  "a pattern that remembers": "const r = /a/g\nr.test('aa')\nexport const value = r.lastIndex",
  "Reflect.set": "const o = { n: 1 }\nReflect.set(o, 'n', 5)\nexport const value = o.n",
  "a list of Effect":
    "import { Array as Lists } from 'effect'\nconst l = Lists.make(0)\nl.push(1)\nexport const value = l",
  "identity of Effect":
    "import { Function as F } from 'effect'\nconst l = F.identity([] as number[])\nl.push(1)\nexport const value = l",
  "a pipe of Effect":
    "import { pipe } from 'effect'\nconst m = pipe(new Map<string, number>(), (x) => x)\nm.set('a', 1)\nexport " +
    "const value = m.size",
  "a list in an Option":
    "import { Option } from 'effect'\nconst o = Option.some({ list: [] as number[] })\nif (Option.isSome(o)) " +
    "o.value.list.push(1)\nexport const value = Option.getOrThrow(o).list",
  "a record of Effect":
    "import { Record } from 'effect'\nconst r = Record.fromEntries([['a', 1]])\nObject.assign(r, { a: 2 " +
    "})\nexport const value = r.a",
  "a mutable map of Effect":
    "import { MutableHashMap, Option } from 'effect'\nconst m = MutableHashMap.empty<string, " +
    "number>()\nMutableHashMap.set(m, 'a', 7)\nexport const value = Option.getOrElse(MutableHashMap.get(m, " +
    "'a'), () => 0)",
  "a mutable reference of Effect":
    "import { MutableRef } from 'effect'\nconst r = MutableRef.make(0)\nMutableRef.set(r, 3)\nexport const " +
    "value = MutableRef.get(r)",
  "a reference of Effect":
    "import { Effect, Ref } from 'effect'\nconst r = Ref.makeUnsafe(0)\nEffect.runSync(Ref.set(r, 7))\nexport " +
    "const value = Ref.getUnsafe(r)",
  "a `var` inside a function":
    "const total = 5\nfunction sum(xs: ReadonlyArray<number>) {\n  var total = 0\n  for (const x of xs) total " +
    "+= x\n  return total\n}\nexport const value = [total, sum([1, 2])]",
  "a `var` of a loop inside a function":
    "const i = 5\nfunction count() {\n  for (var i = 0; i < 3; i++);\n  return i\n}\nexport const value = [i, count()]",
  "a `var` in a static block":
    "const k = 1\nclass A { static n = 0; static { var k = 4; A.n = k } }\nexport const value = [k, A.n]",
  "a loop with a label":
    "const seen: number[] = []\nouter: for (const i of [1, 2]) for (const j of [1, 2]) { if (j === 2) continue " +
    "outer; seen.push(i * j) }\nexport const value = seen",
}

describe("a bundled value is what Node gives, with", () => {
  for (const [what, text] of Object.entries(forms)) {
    it.concurrent(what, async () => {
      const { own, value } = await bothOf(text)
      expect(value).toEqual(typeof own === "function" ? (own as () => unknown)() : own)
    })
    // As a function, nothing is reached before it is called.
    it.concurrent(`${what}, asked for later`, async () => {
      const later = text.replace(/export const value = (.*)$/s, "export const value = () => $1")
      const { own, value } = await bothOf(later)
      expect(value).toEqual((own as () => unknown)())
    })
  }
})

describe("what stops a module when it is loaded stops the value", () => {
  const guards: { readonly [what: string]: { readonly [path: string]: string } } = {
    "an assertion of Node": {
      "main.ts": `import assert from "node:assert"\nconst N = 3\nassert(N < 2)\nexport const value = () => N`,
    },
    "a condition that throws": {
      "main.ts": `const n = 3\nif (n > 1) throw new RangeError("too many")\nexport const value = () => n`,
    },
    "a function that throws": {
      "main.ts":
        `const ensure = (ok: boolean) => { if (!ok) throw new Error("no") }\nconst n = 3\nensure(n < 2)\nexport ` +
        "const value = () => n",
    },
    "a module that throws": {
      "main.ts": `import { n } from "./other.ts"\nexport const value = () => n`,
      "other.ts": `export const n = 1\nif (n === 1) throw new Error("no")`,
    },
  }
  for (const [what, files] of Object.entries(guards)) {
    it.concurrent(what, async () => {
      const made = await bundled(files)
      await expect(ranAs(made)).rejects.toThrow()
    })
  }
})
