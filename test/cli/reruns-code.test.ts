// Which nodes a change of code reruns, each change by itself: exactly those whose stage it reaches, and those
// behind them as far as results change. Whole processes, with what an empty store gives beside them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { everyNode, expectRan, kitchenAfterFirstRun, type Kitchen } from "../support/kitchen.ts"

let kitchen: Kitchen
beforeAll(async () => {
  kitchen = await kitchenAfterFirstRun()
})
beforeEach(() => kitchen.reset())
afterAll(() => kitchen[Symbol.dispose]())

type Change = () => void
const edit =
  (file: string, before: string, after: string): Change =>
  () =>
    kitchen.edit(`small/${file}`, before, after)
const all =
  (...changes: ReadonlyArray<Change>): Change =>
  () => {
    for (const change of changes) change()
  }

describe("nothing reruns after", () => {
  const changes: { readonly [what: string]: Change } = {
    "no change": () => {},
    "a comment and another layout": edit("helper.ts", "=> x * factor", "=>\n  // twice\n  x   *   factor;"),
    "a type": all(
      edit("helper.ts", "(x: number): number => x *", "(x: number): unknown => x *"),
      edit("a.run.ts", "helper(Number(word))", "(helper(Number(word)) as number)"),
      edit("a.run.ts", "interface Asked", "export type Spare = string\ninterface Asked"),
    ),
    "a renamed local": all(edit("a.run.ts", "const total", "const whole"), edit("a.run.ts", "total *", "whole *")),
    "a renamed constant": all(
      edit("deep.ts", "const factor", "const times"),
      edit("constants.ts", "factor", "times as factor"),
    ),
    "an export that nobody uses": edit("helper.ts", "number => x\n", "number => -x\n"),
    "a constant that nobody uses, in a file that many do": edit("deep.ts", "neighbour = 7", "neighbour = 8"),
    "a statement in a shared file that touches nothing of what is used": edit(
      "deep.ts",
      "export const factor",
      "const seen = new Map()\nseen.set(1, 2)\nexport const squares = [1, 2].map((x) => x * x)\nexport const factor",
    ),
    "an entry of imported data that nobody reads": edit("weights.json", `"spare": 4`, `"spare": 5`),
    "one stage more in the same file": edit(
      "d.ts",
      "export const twin",
      `export const third = stage(import.meta, "third", { params: Schema.Struct({}), inputs: {}, outputs: { ` +
        `row: Table }, run: () => import("./a.run.ts") as never })\nexport const twin`,
    ),
    "a stage that moved to another file": all(
      () => kitchen.write("small/elsewhere.ts", kitchen.read("small/d.ts")),
      edit("spec.ts", "./d.ts", "./elsewhere.ts"),
    ),
    "a check, a claim and a title in the file that declares stages": all(
      edit("spec.ts", "atLeast(0)", "atLeast(-1)"),
      edit("spec.ts", "not negative", "large"),
      edit("spec.ts", `"Small"`, `"Tiny"`),
    ),
    "a setting of another name": all(
      edit("spec.ts", "widths: setting", "sizes: setting"),
      edit("spec.ts", "{ widths,", "{ sizes: widths,"),
    ),
    "a label of another name": edit(
      "spec.ts",
      "{ w: labels.w }, {}, labels",
      "{ w: labels.w }, {}, { width: labels.w }",
    ),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(what, async () => {
      change()
      expectRan(await kitchen.rerun(), {})
    })
  }
})

describe("exactly what it reaches reruns after a change of", () => {
  /** The change, the nodes that start and why, and the values that are others now. */
  const changes: {
    readonly [what: string]: readonly [Change, { readonly [node: string]: string }, { readonly [node: string]: number }]
  } = {
    "a body that gives the same": [
      edit("a.run.ts", "total * weights.scale", "weights.scale * total"),
      { a: "code" },
      {},
    ],
    "a body that gives something else": [
      edit("a.run.ts", "+ flavour", "+ flavour + 1"),
      { a: "code", b: "input row" },
      { a: 37, b: 370 },
    ],
    "another stage in the same file": [edit("a.ts", "[10 * Number", "[20 * Number"), { b: "code" }, { b: 720 }],
    "a helper that gives the same": [edit("helper.ts", "x * factor", "factor * x"), { a: "code" }, {}],
    "a helper that gives something else": [
      edit("helper.ts", "x * factor", "x * factor + 1"),
      { a: "code", b: "input row" },
      { a: 45, b: 450 },
    ],
    "the name of a helper, which code could read": [
      all(
        edit("helper.ts", "helper =", "doubled ="),
        edit("a.run.ts", "{ helper }", "{ doubled }"),
        edit("a.run.ts", "helper(", "doubled("),
      ),
      { a: "code" },
      {},
    ],
    "a constant behind a re-export": [
      edit("deep.ts", "factor = 2", "factor = 3"),
      { a: "code", b: "input row" },
      { a: 54, b: 540 },
    ],
    "its neighbour, which others use": [
      edit("deep.ts", "offset = 5", "offset = 6"),
      { d: "code", twin: "code" },
      { d: 6, twin: 6 },
    ],
    "where a re-export leads": [
      edit("constants.ts", "offset", "neighbour as offset"),
      { d: "code", twin: "code" },
      { d: 7, twin: 7 },
    ],
    "imported data": [
      edit("weights.json", `"scale": 3`, `"scale": 4`),
      { a: "code", b: "input row" },
      { a: 48, b: 480 },
    ],
    "what a shared file does to what is used when it is loaded": [
      edit(
        "deep.ts",
        "export const offset = 5",
        "const numbers = [1, 2, 3, 4]\nnumbers.push(5)\nexport const offset = numbers.length",
      ),
      { d: "code", twin: "code" },
      {},
    ],
  }
  for (const [what, [change, started, values]] of Object.entries(changes)) {
    it(what, async () => {
      change()
      expectRan(await kitchen.rerun(), started, values)
    })
  }

  it("many of these at once, as plan foretells, and to what an empty store gives", async () => {
    kitchen.edit("small/helper.ts", "x * factor", "x * factor + 1")
    kitchen.edit("small/deep.ts", "offset = 5", "offset = 6")
    kitchen.edit("small/weights.json", `"scale": 3`, `"scale": 4`)
    const [predicted, afresh] = await Promise.all([kitchen.predicted(), kitchen.afresh()])
    expect(predicted).toEqual({ run: ["a", "d", "twin"], maybe: ["b"] })
    const values = { a: 60, b: 600, d: 6, twin: 6 }
    expectRan(afresh, everyNode("first run"), values)
    expectRan(await kitchen.rerun(), { a: "code", b: "input row", d: "code", twin: "code" }, values)
  })
})
