// What the code of a stage is made of: what it leads to by name, and of the rest what could change that. A statement
// that shares nothing with the stage is left out, whatever it calls; one that shares something that can change stays.
import { describe, expect, it } from "vitest"
import { bundled, valueOf, type Files } from "../../support/bundled.ts"

/** Whether another number in the files is another code. */
const counts = async (files: (n: number) => Files): Promise<boolean> =>
  (await bundled(files(1))).text !== (await bundled(files(2))).text

const helpers = `export const logspace = (from: number, to: number, n: number) =>
  Array.from({ length: n }, (_, i) => 10 ** (from + ((to - from) * i) / (n - 1)))
export function grid(axes: Record<string, ReadonlyArray<number>>) {
  return Object.entries(axes).reduce(
    (cells, [k, vs]) => cells.flatMap((c) => vs.map((v) => ({ ...c, [k]: v }))),
    [{}] as object[],
  )
}
export const common = { seed: 1 }
`
/** A module with a stage-like value, and something beside it. */
const beside =
  (text: string, value = "() => 1") =>
  (n: number): Files => ({
    "helpers.ts": helpers,
    "main.ts":
      `import { common, grid, logspace } from "./helpers.ts"\n${text.replaceAll("N", String(n))}\nexport const ` +
      `value = ${value}\nexport const unused = [common, grid, logspace]\n`,
  })

/** A module with two that one local factory made, and a use of both. */
const twins =
  (made: string) =>
  (n: number): Files => ({
    "main.ts":
      `const make = (x: number) => ${made}\nexport const value = make(1)\nexport const other = ` +
      `make(${n})\nexport default { value, other, n: ${n} }\n`,
  })

describe("is left out", () => {
  const free = {
    "a call of a helper": "export const widths = logspace(0, N, 2)",
    "a call whose result nobody names": "logspace(0, N, 2)",
    "a grid of calls": "export const cells = grid({ a: logspace(0, N, 2), b: [1, N] })",
    "a spread of what is shared by others": "export const config = { ...common, n: N }",
    "an object that calls methods":
      "export const spec = { nodes: [1, 2].map((x) => x * N).join(), text: String(N).padStart(3) }",
    "a class with state of its own": "export class Counter { static n = N; static { Counter.n++ } }",
    "state that only others use":
      "const seen = new Map<number, number>()\nseen.set(N, 1)\nexport const size = () => seen.size",
    "a loop over state of its own": "export const list: number[] = []\nfor (let i = 0; i < N; i++) list.push(i)",
    "another of one local factory": "const make = (x: number) => () => x\nexport const other = make(N)",
    "a promise": "export const later = Promise.resolve(N).then((x) => x)",
    "a template that calls": "export const text = `${logspace(0, N, 2)}`",
    "a new of a class of the project":
      "class Box { n: number; constructor(n: number) { this.n = n } }\nexport const box = new Box(N)",
    "what uses a function of the stage": "export const used = () => value() + N",
    "what calls a function of the stage": "export const used = [N].map(() => typeof value)",
    "types and comments": "export interface Shape { readonly n: typeof one }\nconst one = N // N",
  }
  for (const [what, text] of Object.entries(free)) {
    it(what, async () => {
      expect(await counts(beside(text))).toBe(false)
    })
  }

  it("one of two that one local factory made, with what is handed to it", async () => {
    expect(await counts(twins("({ run: () => x })"))).toBe(false)
    expect(await counts(twins("Object.freeze({ run: () => x })"))).toBe(false)
    expect(await counts(twins("() => x"))).toBe(false)
  })

  it("the rest of a module of constants, also where both use a constant that is frozen or `as const`", async () => {
    for (const list of [`["a", "b"] as const`, `Object.freeze(["a", "b"])`, `"a,b"`]) {
      expect(
        await counts((n) => ({
          "main.ts":
            `const kinds = ${list}\nexport const value = () => kinds.length\nexport const spec = { kinds, n: ` +
            `${n}, made: [...kinds].map((k) => k + ${n}) }\n`,
        })),
      ).toBe(false)
    }
  })
})

describe("stays, and is done before the value is used", () => {
  /** What is beside the value, and what the value then gives. */
  const kept: { readonly [what: string]: readonly [Files, unknown] } = {
    "a Map that a third file fills on import": [
      {
        "main.ts": `import { table } from "./table.ts"\nimport "./fill.ts"\nexport const value = [...table]`,
        "table.ts": "export const table = new Map<number, number>()",
        "fill.ts": `import { table } from "./table.ts"\ntable.set(1, 2)`,
      },
      [[1, 2]],
    ],
    "a registry that a call fills whose result nobody uses": [
      {
        "main.ts":
          `const table: string[] = []\nconst register = (name: string) => table.push(name)\nexport const a = ` +
          `register("a")\nregister("b")\nexport const value = table`,
      },
      ["a", "b"],
    ],
    "an assignment to a variable": [{ "main.ts": "let n = 1\nn = 2\nexport const value = n" }, 2],
    "an assignment in a function that is called": [
      { "main.ts": "let n = 1\nfunction raise() { n += 5 }\nraise()\nexport const value = n" },
      6,
    ],
    "a property of a function": [{ "main.ts": "function f() { return f.n }\nf.n = 3\nexport const value = f()" }, 3],
    "a property of an arrow of another module": [
      {
        "main.ts": `import { f } from "./f.ts"\nimport "./set.ts"\nexport const value = (f as { n?: number }).n`,
        "f.ts": "export const f = () => 1",
        "set.ts": `import { f } from "./f.ts"\n(f as { n?: number }).n = 4`,
      },
      4,
    ],
    "a static of a class": [{ "main.ts": "class C { static n = 1 }\nC.n++\nexport const value = C.n" }, 2],
    "a static block": [
      { "main.ts": "const list: number[] = []\nclass C { static { list.push(7) } }\nexport const value = list" },
      [7],
    ],
    "a member of an object": [
      { "main.ts": "const options = { n: 1 }\noptions.n = 8\nexport const value = options.n" },
      8,
    ],
    "destructuring that only iterates": [
      {
        "main.ts":
          "const log: number[] = []\nconst iterable = { *[Symbol.iterator]() { log.push(1); yield 1; " +
          "log.push(2) } }\nconst [x] = iterable\nexport const value = log",
      },
      [1],
    ],
    "a getter that is read and thrown away": [
      {
        "main.ts":
          "const log: number[] = []\nconst lazy = { get x() { return log.push(1) } }\nlazy.x\nexport const value = log",
      },
      [1],
    ],
    "a loop": [
      { "main.ts": "const list: number[] = []\nfor (let i = 0; i < 3; i++) list.push(i)\nexport const value = list" },
      [0, 1, 2],
    ],
    "a condition": [
      { "main.ts": "const list: number[] = []\nif (list.length === 0) list.push(9)\nexport const value = list" },
      [9],
    ],
    "what a closure hides": [
      { "main.ts": "const next = (() => { let n = 0; return () => ++n })()\nnext()\nexport const value = next()" },
      2,
    ],
    "what a function counts that a function gave": [
      {
        "main.ts":
          "const counter = (n: number) => () => ++n\nconst next = counter(0)\nnext()\nexport const value = next()",
      },
      2,
    ],
    "what a frozen thing counts in what it was given": [
      {
        "main.ts":
          "const counter = (state: { n: number }) => Object.freeze({ next: () => ++state.n })\nconst one = " +
          "counter({ n: 0 })\none.next()\nexport const value = one.next()",
      },
      2,
    ],
    "a module of CommonJS that others changed": [
      {
        "main.ts": `import state from "./state.cjs"\nimport "./change.ts"\nexport const value = state.n`,
        "state.cjs": "module.exports = { n: 1 }",
        "change.ts": `import state from "./state.cjs"\nstate.n = 5`,
      },
      5,
    ],
    "await at the top": [
      {
        "main.ts":
          "const list: number[] = []\nawait Promise.resolve().then(() => list.push(3))\nexport const value = list",
      },
      [3],
    ],
  }
  for (const [what, [files, value]] of Object.entries(kept)) {
    it(what, async () => {
      expect(await valueOf(files)).toEqual(value)
    })
  }
})
