// Two stages share a module that remembers something: the value of each is what it is alone, with any number of
// workers, in any order, in any executor. Each form of remembering has a stage `x` that counts and a stage `y` that
// counts on.
import { afterAll, beforeAll, expect, it } from "vitest"
import { linesOf, Project } from "../support/project.ts"

/** A module with `next`, which gives one more each time, each in its own way. */
const forms: { readonly [form: string]: string } = {
  map:
    "const counts = new Map()\nexport const next = () => { counts.set('n', (counts.get('n') ?? 0) + 1); return " +
    "counts.get('n') }",
  filled: `import { table } from "./table.ts"\nimport "./fill.ts"\nexport const next = () => table.push(1)`,
  variable: "let n = 0\nexport const next = () => ++n",
  array: "const seen = []\nexport const next = () => seen.push(1)",
  member: "const state = { n: 0 }\nexport const next = () => ++state.n",
  static: "class Counter { static n = 0 }\nexport const next = () => ++Counter.n",
  property: "export const next = () => (next.n = (next.n ?? 0) + 1)",
  closure: "export const next = (() => { let n = 0; return () => ++n })()",
  generator:
    "const numbers = (function* () { for (let n = 1; ; n++) yield n })()\nexport const next = () => " +
    "numbers.next().value",
  weak:
    "const key = {}\nconst seen = new WeakMap([[key, 0]])\nexport const next = () => { seen.set(key, " +
    "seen.get(key) + 1); return seen.get(key) }",
  default:
    "const once = (state = shared()) => ++state.n\nconst made = { n: 0 }\nfunction shared() { return made " +
    "}\nexport const next = () => once()",
  commonjs: `import counter from "./counter.cjs"\nexport const next = () => ++counter.count`,
  json: `import data from "./data.json" with { type: "json" }\nexport const next = () => ++data.count`,
  pattern:
    "const pattern = /a/g\nexport const next = () => { pattern.exec('aaaaaaaaaaaaaaa'); return pattern.lastIndex }",
  lazy: "let n\nexport const next = () => (n = (n ??= 0) + 1)",
}

const spec = `import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { many, stage, Table } from "../pipeline/stage.ts"
${Object.keys(forms)
  .map((form) => `import { next as ${form}Next } from "./${form}.ts"`)
  .join("\n")}
${Object.keys(forms)
  .flatMap((form) =>
    ["x", "y"].map(
      (kind) => `export const ${form}_${kind} = stage(import.meta, "${form}_${kind}", {
  params: Schema.Struct({ times: Schema.Int }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.sync(() => {
    const counts = Array.from({ length: params.times }, () => ${form}Next())
    return { row: { n: [counts.at(-1)${kind === "y" ? " * 10" : ""}] } }
  }) }),
})`,
    ),
  )
  .join("\n")}
export const all = stage(import.meta, "all", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs: { rows } }) =>
    Effect.succeed({ row: { n: [rows.reduce((sum, row) => sum + Number(row["n"][0]), 0)] } }) }),
})
const stages = { ${Object.keys(forms)
  .flatMap((form) => [`${form}_x`, `${form}_y`])
  .join(", ")} }
export default spec({
  config: {},
  nodes: () => Object.fromEntries(Object.entries(stages).flatMap(([name, of]) =>
    [1, 2, 3].map((times) => [name + times, node(of, { times }, {}, { times })]))),
  checks: (nodes) => Object.entries(nodes).map(([id, { out }]) =>
    check({ id, claim: "It counts.", source: "here", value: cell(out.row, {}, "n"), expect: atLeast(0) })),
  page: () => ({
    title: "State", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "State"]]) }),
  }),
})
`

let project: Project
beforeAll(() => {
  project = new Project()
  for (const [form, text] of Object.entries(forms)) project.write(`specs/${form}.ts`, text)
  project.write("specs/table.ts", "export const table: Array<number> = []")
  project.write("specs/fill.ts", `import { table } from "./table.ts"\ntable.push(0)`)
  project.write("specs/counter.cjs", "module.exports = { count: 0 }")
  project.write("specs/data.json", `{ "count": 0 }`)
  project.write("specs/state.ts", spec)
})
afterAll(() => project[Symbol.dispose]())

const valuesOf = async (...args: ReadonlyArray<string>): Promise<{ readonly [check: string]: unknown }> => {
  const { code, out, err } = await project.run("run", "specs/state.ts", "--json", ...args)
  expect(code, err + out).toBe(0)
  const judged = linesOf(out) as unknown as ReadonlyArray<{
    readonly _tag: string
    readonly check: string
    readonly measured: number
  }>
  return Object.fromEntries(
    judged.filter(({ _tag }) => _tag === "CheckJudged").map(({ check, measured }) => [check, measured]),
  )
}

it("no node finds what another one left, whatever the number of workers and the executor", async () => {
  const expected = Object.fromEntries(
    Object.keys(forms).flatMap((form) =>
      [1, 2, 3].flatMap((times) => {
        const n = form === "filled" ? times + 1 : times
        return [
          [`${form}_x${times}`, n],
          [`${form}_y${times}`, 10 * n],
        ]
      }),
    ),
  )
  for (const args of [
    ["--executor", "inline"],
    ["--jobs", "1"],
    ["--jobs", "2"],
  ]) {
    expect(await valuesOf(...args, "--store", `.store-${args.join("")}`), args.join(" ")).toEqual(expected)
  }
  // And what one executor made counts for the other.
  expect(await valuesOf("--executor", "inline", "--store", ".store---jobs2")).toEqual(expected)
})
