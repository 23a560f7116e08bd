// An import leads where it leads today: a link that points elsewhere, a package or a package.json that came nearer,
// other `exports` of a linked package rerun the stage, to what an empty store gives.
import { mkdirSync, rmSync, symlinkSync } from "node:fs"
import { dirname } from "node:path"
import { expect, it } from "vitest"
import { linesOf, Project } from "../support/project.ts"

const member = (x: number): string => `export const x = ${x}\n`
const packaged = (name: string, main: string): string =>
  JSON.stringify({ name, version: "1.0.0", type: "module", exports: main })

/** What each stage's body takes its number from. */
const bodies: { readonly [stage: string]: string } = {
  relinked: `import { x } from "relinked"`,
  unlinked: `import { x } from "unlinked"`,
  nearer: `import { x } from "./sub/nearer.ts"`,
  linkedNearer: `import { x } from "./sub/linked.ts"`,
  otherExports: `import { x } from "dual"`,
  picked: `import { x } from "./sub/picked.ts"`,
  required: `import x from "./folder.cjs"`,
  fileBefore: `import x from "./file.cjs"`,
  own: `import { x } from "mine/own"`,
  later: `const { x } = await import("relinked")`,
}

const files: { readonly [path: string]: string } = {
  "package.json": JSON.stringify({
    type: "module",
    name: "mine",
    exports: { "./own": "./own.ts" },
    imports: { "#picked": "./one.ts" },
  }),
  "one.ts": member(1),
  "two.ts": member(2),
  "own.ts": member(1),
  "packages/one/package.json": packaged("one", "./index.ts"),
  "packages/one/index.ts": member(1),
  "packages/two/package.json": packaged("two", "./index.ts"),
  "packages/two/index.ts": member(2),
  "packages/dual/package.json": packaged("dual", "./dist/a.js"),
  "packages/dual/dist/package.json": `{ "type": "module" }`,
  "packages/dual/dist/a.js": member(1),
  "packages/dual/dist/b.js": member(2),
  "node_modules/near/package.json": packaged("near", "./index.js"),
  "node_modules/near/index.js": member(1),
  "sub/nearer.ts": `export { x } from "near"`,
  "sub/linked.ts": `export { x } from "linked"`,
  "sub/picked.ts": `export { x } from "#picked"`,
  "folder/index.js": "module.exports = 1",
  "folder/other.js": "module.exports = 2",
  "folder.cjs": `module.exports = require("./folder")`,
  "named/index.js": "module.exports = 1",
  "file.cjs": `module.exports = require("./named")`,
}

const spec = `import { Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { stage, Table } from "../pipeline/stage.ts"
${Object.keys(bodies)
  .map(
    (name) =>
      `export const ${name} = stage(import.meta, "${name}", { params: Schema.Struct({}), inputs: {}, ` +
      `outputs: { row: Table }, run: () => import("./${name}.run.ts") })`,
  )
  .join("\n")}
const all = { ${Object.keys(bodies).join(", ")} }
export default spec({
  config: {},
  nodes: () => Object.fromEntries(Object.entries(all).map(([name, stage]) => [name, node(stage, {}, {})])),
  checks: (nodes) => Object.entries(nodes).map(([id, { out }]) =>
    check({ id, claim: "It is there.", source: "here", value: cell(out.row, {}, "x"), expect: atLeast(0) })),
  page: () => ({
    title: "Leads", lead: [], figures: [], render: async () => ({ page: async () => new Map([["index.html", ""]]) }),
  }),
})
`

const write = (project: Project, path: string, text: string): void => {
  mkdirSync(dirname(project.path(`study/${path}`)), { recursive: true })
  project.write(`study/${path}`, text)
}
const link = (project: Project, path: string, end: string): void => {
  mkdirSync(dirname(project.path(`study/${path}`)), { recursive: true })
  rmSync(project.path(`study/${path}`), { recursive: true, force: true })
  symlinkSync(end, project.path(`study/${path}`))
}

const ran = async (project: Project, ...args: ReadonlyArray<string>) => {
  const out = await project.said(0, "run", "study/spec.ts", "--json", "--executor", "inline", ...args)
  const told = linesOf(out) as unknown as ReadonlyArray<{
    readonly _tag: string
    readonly node: string
    readonly check: string
    readonly measured: number
  }>
  return {
    started: told.filter(({ _tag }) => _tag === "NodeStarted").map(({ node }) => node),
    values: Object.fromEntries(
      told.filter(({ _tag }) => _tag === "CheckJudged").map(({ check, measured }) => [check, measured]),
    ),
  }
}

it("and a stage behind one that leads elsewhere is run again, to what an empty store gives", async () => {
  using project = new Project()
  for (const [path, text] of Object.entries(files)) write(project, path, text)
  for (const [name, imports] of Object.entries(bodies))
    write(
      project,
      `${name}.run.ts`,
      `import { Effect } from "effect"\n${imports}\nexport const run = () => Effect.succeed({ row: { x: [x] } })\n`,
    )
  write(project, "spec.ts", spec)
  for (const name of ["relinked", "unlinked", "linked"]) link(project, `node_modules/${name}`, "../packages/one")
  link(project, "node_modules/dual", "../packages/dual")
  const all = (x: number) => Object.fromEntries(Object.keys(bodies).map((name) => [name, x]))
  expect((await ran(project)).values).toEqual(all(1))
  expect((await ran(project)).started).toEqual([])

  link(project, "node_modules/relinked", "../packages/two")
  rmSync(project.path("study/node_modules/unlinked"))
  write(project, "node_modules/unlinked/package.json", packaged("unlinked", "./index.js"))
  write(project, "node_modules/unlinked/index.js", member(2))
  link(project, "sub/node_modules/near", "../../packages/two")
  link(project, "sub/node_modules/linked", "../../packages/two")
  write(project, "packages/dual/package.json", packaged("dual", "./dist/b.js"))
  write(project, "sub/package.json", JSON.stringify({ type: "module", imports: { "#picked": "./two.ts" } }))
  write(project, "sub/two.ts", member(2))
  write(project, "folder/package.json", JSON.stringify({ main: "./other.js" }))
  write(project, "named.js", "module.exports = 2")
  write(project, "own.ts", member(2))
  const again = await ran(project)
  expect(again.values).toEqual(all(2))
  expect(again.started.toSorted()).toEqual(Object.keys(bodies).toSorted())
  expect((await ran(project, "--store", ".empty")).values).toEqual(all(2))
  expect((await ran(project)).started).toEqual([])
})
