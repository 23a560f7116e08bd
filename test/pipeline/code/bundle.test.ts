// Which code counts as that of a stage, and which does not, where names and reads could mislead.
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { bundle } from "../../../pipeline/code/bundle.ts"
import { directoryOf, project } from "../../support/directory.ts"

type Files = { readonly [path: string]: string }

const effect = `import { Context, Data, Effect, Schema } from "effect"\n`
const declared = (run: string): string => `import { stage, Json, many } from "@/pipeline/stage.ts"
import { setting, spec } from "@/pipeline/spec.ts"
${effect}export const fit = stage(import.meta, "fit", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  ${run}
})
`
const files: Files = {
  "package.json": `{ "name": "mine", "exports": { "./*": "./*" } }`,
  "fit.ts": declared(`run: () => import("./fit.run.ts")`),
  "fit.run.ts": `import "./helper.ts"\nexport const run = () => globalThis\n`,
  "helper.ts": "",
}

const bundled = (directory: string) => bundle(join(directory, "fit.ts"), "fit", directory)
const codeOf = async (changed: Files): Promise<string> => (await bundled(directoryOf({ ...files, ...changed }))).text

/** Whether the code with a 1 in it is another than that with a 2. */
const counts = async (given: (number: number) => Files): Promise<boolean> =>
  (await codeOf(given(1))) !== (await codeOf(given(2)))

const helper =
  (text: string) =>
  (number: number): Files => ({ "helper.ts": text.replaceAll("N", String(number)) })
const beside =
  (text: string) =>
  (number: number): Files => ({ "fit.ts": `${files["fit.ts"]}${text.replaceAll("N", String(number))}\n` })
const touch = "const touch = (x) => { globalThis.touched = x }\n"

const linked = (number: number): Files => ({
  "package.json": `{ "imports": { "#engine/*": "./engine/*" } }`,
  "fit.ts": declared(`run: () => import("./fit.run.ts")`).replaceAll("@/", "#engine/"),
  "fit.run.ts": `export const run = () => 1\nexport const other = ${number}`,
})

describe("the code of a stage", () => {
  const counting = {
    "a function of the project called setting": helper("const setting = () => { globalThis.touched = N }\nsetting()"),
    "a function of the project called stage, in a module of that name": (number: number): Files => ({
      ...helper(`import { stage } from "./stage.ts"\nstage()`)(0),
      "stage.ts": `export const stage = () => { globalThis.touched = ${number} }`,
    }),
    "an object of the project called Schema": helper(
      "const Schema = { register: (x) => { globalThis.touched = x } }\nSchema.register(N)",
    ),
    "what is done to give an argument to a call that only builds": helper(
      `${effect}${touch}export const unused = Effect.succeed(touch(N))`,
    ),
    "what is done to give the first of two calls its arguments": helper(
      `${effect}${touch}export const unused = Schema.Class(touch(N))({})`,
    ),
    "what a schema has checked at once": helper(
      `${effect}${touch}export const unused = Schema.decodeUnknownSync(Schema.String)(touch(N))`,
    ),
    "a function that a schema is piped into": helper(
      `${effect}export const unused = Schema.String.pipe(() => { globalThis.touched = N })`,
    ),
    "a function that a comment calls free of effects": helper(
      "/* @__NO_SIDE_EFFECTS__ */ const setUp = () => { globalThis.touched = N }\nsetUp()",
    ),
    "a getter that is read": helper("const lazy = { get value() { return (globalThis.touched = N) } }\nlazy.value"),
    "a Proxy that is read": helper(
      "const lazy = new Proxy({}, { get: (_, key) => (globalThis.touched = key) })\nexport const unused = lazy.valueN",
    ),
    "the name of a function that is read": (number: number): Files => ({
      "fit.run.ts": `function step${number}() {}\nexport const run = () => step${number}.name`,
    }),
    "the name of a class that is read": (number: number): Files => ({
      "fit.run.ts": `class Step${number} {}\nexport const run = () => new Step${number}().constructor.name`,
    }),
    "every export of a .run.ts file that a body imports as a whole": (number: number): Files => ({
      "fit.run.ts": `export const run = async () => Object.values(await import("./other.run.ts"))`,
      "other.run.ts": `export const run = 0\nexport const table = ${number}`,
    }),
    "every export of a module of which a body's thunk gives another": (number: number): Files => ({
      "fit.ts": declared(`run: () => import("./fit.run.ts").then(({ table }) => ({ run: () => table }))`),
      "fit.run.ts": `export const run = 0\nexport const table = ${number}`,
    }),
    "a module that is imported by the project's own name": (number: number): Files => ({
      "fit.run.ts": `export { run } from "mine/helper.ts"`,
      "helper.ts": `export const run = () => ${number}`,
    }),
  }
  for (const [what, given] of Object.entries(counting)) {
    it(`is another with ${what}`, async () => {
      expect(await counts(given)).toBe(true)
    })
  }

  const free = {
    "the names of variables and parameters": (number: number): Files => ({
      "fit.run.ts": `const list${number} = [1]\nexport const run = (given${number}) => [list${number}, given${number}]`,
    }),
    "what other exports build out of Effect": beside(`export const schema = Schema.Struct({
  a: Schema.Finite,
  b: Schema.Array(Schema.String).check(Schema.isMinLength(N)),
})
export class Trouble extends Schema.TaggedError<Trouble>()("Trouble", { why: Schema.Literals(["N"]) }) {}
export class Place extends Context.Service<Place, number>()("PlaceN") {}
export class Gone extends Data.TaggedError("GoneN")<{}> {}
export const later = Effect.fn("laterN")(function* () { return N })
export const list = many(Json)
export const size = setting(Schema.Int, N, "how many")`),
    "a spec in the same file that uses the stage: its nodes, grids, settings, checks, captions and page": (
      number: number,
    ): Files => ({
      "fit.ts": `${declared(`run: () => import("./fit.run.ts")`)}
import { cell, check, within } from "@/pipeline/check.ts"
import { grid, node } from "@/pipeline/node.ts"
import { plot } from "@/stages/plot/plot.ts"
import { decades } from "./helper.ts"
const common = { size: setting(Schema.Int, ${number}, "how many") }
export const widths = decades(0, ${number}, 3)
const made = (title: string) => ({ title, lead: [title], figures: [], render: () => import("@/report/page.ts") })
export default spec({
  config: { ...common, widths: setting(Schema.Array(Schema.Finite), decades(0, ${number}, 2), "widths") },
  nodes: ({ size }) => ({
    all: grid({ replica: [0, ${number}] }).map((at) => node(fit, {}, {}, { ...at, size })),
    plotted: plot,
  }),
  checks: ({ all }) => [
    check({
      id: "one", claim: "It is ${number}.", source: "here",
      value: cell(all[0]!.out.value as never, {}, "x"), expect: within(${number}, 1),
    }),
  ],
  page: () => made("Page ${number}"),
})`,
      "helper.ts":
        "export const decades = (from: number, to: number, n: number) => Array.from({ length: n }, (_, i) => " +
        "from + to * i)",
    }),
    "a spec in the same file, where bodies use one package and share what can change": (number: number): Files => ({
      "node_modules/heavy/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
      "node_modules/heavy/index.js": "export const heavy = 1",
      "fit.ts": `${declared(`run: () => import("./fit.run.ts")`)}
export const other = stage(import.meta, "other", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: async () => ({ run: () => [heavy, table, ${number}] as never }),
})
import { heavy } from "heavy"
import { table } from "./helper.ts"
export default spec({ config: {}, nodes: () => ({ fit, other, n: ${number} }) } as never)`,
      "fit.run.ts":
        `import { heavy } from "heavy"\nimport { table } from "./helper.ts"\nexport const run = () => [heavy, ` +
        "table.size]",
      "helper.ts": "export const table = new Map()",
    }),
    "another of two stages of one local factory": (number: number): Files => ({
      "fit.ts": `import { stage, Json } from "@/pipeline/stage.ts"
${effect}const make = (name: string, more: number) => stage(import.meta, name, {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: async () => ({ run: () => Effect.succeed({ value: more }) }),
})
export const fit = make("fit", 1)
export const other = make("other", ${number})
export default [fit, other, ${number}]
`,
    }),
    "another export of the body's module": (number: number): Files => ({
      "fit.run.ts": `export const run = () => 1\nexport const other = ${number}`,
    }),
  }
  for (const [what, given] of Object.entries(free)) {
    it(`is the same with ${what}`, async () => {
      expect(await counts(given)).toBe(false)
    })
  }

  it("knows a stage where the engine is reached by a link and a name of package.json", async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(async (number) => {
        const directory = directoryOf({ ...files, ...linked(number) })
        symlinkSync(project.replace(/\/$/, ""), join(directory, "engine"))
        return (await bundled(directory)).text
      }),
    )
    expect(one).toBe(two)
  })

  it("knows the file that leads the project's own name, and does not take the name for a package", async () => {
    const directory = directoryOf({
      ...files,
      "fit.run.ts": `export { run } from "mine/helper.ts"`,
      "helper.ts": "export const run = () => 1",
    })
    const { externals, files: read } = await bundled(directory)
    expect(new Set(externals.map(({ specifier }) => specifier))).toEqual(new Set(["effect"]))
    expect(read).toContain(join(directory, "package.json"))
  })
})
