// By whatever route a stage reaches code, an edit of that code reruns it to what an empty store gives; and a route that
// cannot be followed is an error by name. The routes: forms of import, links, packages of a workspace and of a
// registry.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { linesOf, Project } from "../support/project.ts"

/** A body, the files that it reaches, and the one to be edited. */
interface Route {
  readonly body: string
  readonly files: { readonly [file: string]: string }
  readonly edited: string
  /** A link among packages: from its name to the folder. */
  readonly link?: readonly [name: string, folder: string]
}
const body = (imports: string, value: string): string =>
  `import { Effect } from "effect"\n${imports}\nexport const run = () => Effect.promise(async () => ({ row: { ` +
  `x: [${value}] } }))\n`

const routes: { readonly [route: string]: Route } = {
  comment: {
    body: body("", `(await import(/* @vite-ignore */ "./comment-x.ts")).x`),
    files: { "study/comment-x.ts": "export const x = 111" },
    edited: "study/comment-x.ts",
  },
  template: {
    body: body("", "(await import(`./template-x.ts`)).x"),
    files: { "study/template-x.ts": "export const x = 111" },
    edited: "study/template-x.ts",
  },
  percent: {
    body: body(`import { x } from "./a%20b.ts"`, "x"),
    files: { "study/a b.ts": "export const x = 111" },
    edited: "study/a b.ts",
  },
  query: {
    body: body(`import { x } from "./query-x.ts?v=1"`, "x"),
    files: { "study/query-x.ts": "export const x = 111" },
    edited: "study/query-x.ts",
  },
  required: {
    body: body(`import all from "./required.cjs"`, "all.x"),
    files: {
      "study/required.cjs": `exports.x = require("./required-y")`,
      "study/required-y.js": "module.exports = 111",
      "study/required-y.ts": "module.exports = 5",
    },
    edited: "study/required-y.js",
  },
  condition: {
    body: body(`import { x } from "#picked"`, "x"),
    files: { "study/sync.ts": "export const x = 111", "study/plain.ts": "export const x = 4" },
    edited: "study/sync.ts",
  },
  own: {
    body: body(`import { x } from "mine/own-x.ts"`, "x"),
    files: { "study/own-x.ts": "export const x = 111" },
    edited: "study/own-x.ts",
  },
  json: {
    body: body(`import data from "./json-x.json" with { type: "json" }`, "data.x"),
    files: { "study/json-x.json": `{ "x": 111, "half": "\\ud800" }` },
    edited: "study/json-x.json",
  },
  registry: {
    body: body(`import { x } from "registry"`, "x"),
    files: {
      "study/node_modules/registry/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
      "study/node_modules/registry/index.js": `export { x } from "./deep/x.js"`,
      "study/node_modules/registry/deep/x.js": "export const x = 111",
    },
    edited: "study/node_modules/registry/deep/x.js",
  },
  needed: {
    body: body(`import { x } from "needing"`, "x"),
    files: {
      "study/node_modules/needing/package.json": `{
        "version": "1.0.0",
        "type": "module",
        "exports": "./index.js",
        "dependencies": { "needed": "*" }
      }`,
      "study/node_modules/needing/index.js": `export { x } from "needed"`,
      "study/node_modules/needed/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
      "study/node_modules/needed/index.js": "export const x = 111",
    },
    edited: "study/node_modules/needed/index.js",
  },
  workspace: {
    body: body(`import { x } from "member"`, "x"),
    files: {
      "study/packages/member/package.json": `{ "version": "1.0.0", "type": "module", "exports": "./index.ts" }`,
      "study/packages/member/index.ts": `export { x } from "../outside.ts"`,
      "study/packages/outside.ts": "export const x = 111",
    },
    edited: "study/packages/outside.ts",
    link: ["member", "../packages/member"],
  },
  data: {
    body: body("", "Number(new TextDecoder().decode(given))").replace(
      "run = () =>",
      "run = ({ inputs: { bytes: given } }: { inputs: { bytes: Uint8Array } }) =>",
    ),
    files: {
      "study/node_modules/numbers/package.json": `{ "version": "1.0.0" }`,
      "study/node_modules/numbers/n.txt": "111",
    },
    edited: "study/node_modules/numbers/n.txt",
  },
}

const stageOf = (route: string): string =>
  `export const ${route} = stage(import.meta, "${route}", { params: Schema.Struct({}), inputs: { ` +
  `${route === "data" ? "bytes: Bytes" : ""} }, outputs: { row: Table }, run: () => ` +
  `import("./${route}.run.ts") })`
const spec = `import { Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node, source } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { Bytes, stage, Table } from "../pipeline/stage.ts"
${Object.keys(routes).map(stageOf).join("\n")}
export default spec({
  config: {},
  nodes: () => ({ ${Object.keys(routes)
    .map(
      (route) =>
        `${route}: node(${route}, {}, { ` +
        `${route === "data" ? `bytes: source({ package: "numbers", file: "n.txt" }).out.bytes` : ""} })`,
    )
    .join(", ")} }),
  checks: (nodes) => Object.entries(nodes).map(([id, { out }]) =>
    check({ id, claim: "It is there.", source: "here", value: cell(out.row, {}, "x"), expect: atLeast(0) })),
  page: () => ({
    title: "Routes", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "Routes"]]) }),
  }),
})
`

let project: Project
beforeAll(() => {
  project = new Project()
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(project.path(file)), { recursive: true })
    project.write(file, text)
  }
  write(
    "study/package.json",
    `{ "type": "module", "name": "mine", "exports": { "./*": "./*" }, "imports": { "#picked": { "module-sync": ` +
      `"./sync.ts", "default": "./plain.ts" } } }`,
  )
  write("study/spec.ts", spec)
  for (const [route, { body, files, link }] of Object.entries(routes)) {
    write(`study/${route}.run.ts`, body)
    for (const [file, text] of Object.entries(files)) write(file, text)
    if (link !== undefined) symlinkSync(link[1], project.path(`study/node_modules/${link[0]}`))
  }
})
afterAll(() => project[Symbol.dispose]())

const ran = async (...args: ReadonlyArray<string>) => {
  const { code, out, err } = await project.run("run", "study/spec.ts", "--json", ...args)
  const told = linesOf(out) as unknown as ReadonlyArray<{
    readonly _tag: string
    readonly node: string
    readonly check: string
    readonly measured: number
    readonly message: string
  }>
  const of = (tag: string) => told.filter(({ _tag }) => _tag === tag)
  return {
    code,
    text: err + out,
    started: of("NodeStarted")
      .map(({ node }) => node)
      .toSorted(),
    values: Object.fromEntries(of("CheckJudged").map(({ check, measured }) => [check, measured])),
    failed: of("NodeFailed"),
  }
}

const everyRoute =
  "every route is followed: an edit reruns its own stages, to what an empty store gives, in both executors"
it(everyRoute, async () => {
  const first = await ran()
  expect(first.values, first.text).toEqual(Object.fromEntries(Object.keys(routes).map((route) => [route, 111])))
  // Half of them, and then the others.
  for (const half of [0, 1]) {
    const edited = Object.entries(routes).filter((_, i) => i % 2 === half)
    for (const [, { edited: file }] of edited) project.edit(file, "111", "222")
    const again = await ran("--executor", "inline")
    expect(again.started, again.text).toEqual(edited.map(([route]) => route).toSorted())
    expect(edited.map(([route]) => again.values[route])).toEqual(edited.map(() => 222))
  }
  const afresh = await ran("--store", ".empty", "--executor", "inline")
  expect(afresh.values).toEqual(Object.fromEntries(Object.keys(routes).map((route) => [route, 222])))
  expect((await ran()).started).toEqual([])
})

it("a route that cannot be followed is an error by name", async () => {
  const computed = {
    "a name that is made while it runs": [
      "",
      `(await import("./" + ["comment-x", "ts"].join("."))).x`,
      "The stage comment imports ./comment-x.ts, which the bundler could not follow",
    ],
    "an address that is made while it runs": [
      "",
      `(await import("file://" + "/comment-x.ts")).x`,
      "The stage comment imports file:///comment-x.ts, which the bundler could not follow",
    ],
    "a text as a module": [
      "",
      `(await import("data:text/javascript,export const x = 1")).x`,
      "The stage comment imports data:text/javascript,export const x = 1, which the bundler could not follow",
    ],
    "a loader of its own": [
      `import { createRequire } from "node:module"`,
      `createRequire("/")("./x")`,
      "The stage comment loads code with require (node:module.createRequire)",
    ],
    "a file that is read": [
      `import { readFileSync } from "node:fs"`,
      `readFileSync("package.json", "utf8").length`,
      "The stage comment reads or writes files with node:fs.readFileSync",
    ],
    "where it lies": [
      `const here = import.meta.url`,
      "here.length",
      "The stage comment asks for the place of its own file with import.meta",
    ],
    "a package that is not installed": [
      "",
      `(await import("not-" + "installed")).x`,
      "Cannot find package 'not-installed'",
    ],
  } as const
  // Each in the body of a stage of its own.
  const bodies = Object.entries(computed).map(([what, form], i) => ({ what, form, route: Object.keys(routes)[i]! }))
  const texts = new Map(bodies.map(({ route }) => [route, readFileSync(project.path(`study/${route}.run.ts`), "utf8")]))
  for (const { route, form } of bodies) project.write(`study/${route}.run.ts`, body(form[0], form[1]))
  for (const executor of ["inline", "pool"]) {
    const { code, failed, text } = await ran("--executor", executor)
    expect(code, text).toBe(1)
    for (const { what, route, form } of bodies)
      expect(failed.find(({ node }) => node === route)?.message, `${executor}: ${what}`).toContain(
        form[2].replace("comment", route),
      )
    expect(failed.length).toBe(bodies.length)
  }
  for (const [route, text] of texts) project.write(`study/${route}.run.ts`, text)
  expect((await ran()).started).toEqual([])
})

it("a package that is changed while a run works makes no record", async () => {
  const file = project.path("study/node_modules/registry/deep/x.js")
  const text = readFileSync(file, "utf8")
  project.write(
    "study/registry.run.ts",
    body(
      "const wait = () => new Promise((done) => { let n = 0; const step = () => (++n === 3000 ? done(0) : " +
        "setImmediate(step)); step() })",
      `(await wait(), (await import("registry")).x)`,
    ),
  )
  const running = project.start("run", "study/spec.ts", "--json")
  await running.until(({ _tag, node }) => _tag === "NodeStarted" && node === "registry")
  writeFileSync(file, text.replace("222", "333"))
  const { code, out } = await running.finished
  const failed = linesOf(out).find(({ _tag }) => _tag === "NodeFailed") as unknown as
    | { readonly message: string }
    | undefined
  // Either it was loaded before, and the value is the old one under the old key; or it was not, and nothing is
  // recorded.
  if (code === 0) expect((await ran("--store", ".pipeline")).started).toEqual(["registry"])
  else
    expect(failed?.message).toMatch(/x\.js has changed since the run began, so registry was not recorded\. Run again\./)
  expect((await ran()).values["registry"]).toBe(333)
  expect((await ran("--store", ".other")).values["registry"]).toBe(333)
})

it("a project may have any name", async () => {
  const odd = project.path("an odd? na%20me #1")
  mkdirSync(odd)
  for (const part of ["cache", "pipeline", "stages", "report", "package.json", "tsconfig.json"])
    cpSync(project.path(part), join(odd, part), { recursive: true })
  cpSync(project.path("study"), join(odd, "study"), { recursive: true, verbatimSymlinks: true })
  symlinkSync(project.path("node_modules"), join(odd, "node_modules"))
  const { code, out, err } = await project.startIn(odd, "run", "study/spec.ts", "--json").finished
  expect(code, err + out).toBe(0)
  rmSync(odd, { recursive: true })
})
