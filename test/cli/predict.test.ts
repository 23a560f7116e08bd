// `plan` and `run` by whole processes on a real store: what the one says of every node is what the other does, whatever
// became of the spec's name, of the journal, of labels and of bytes in between.
import { renameSync, rmSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { linesOf, Project, type PlannedRow } from "../support/project.ts"

const stages = `
import { Effect, Schema } from "effect"
import { many, Json, stage, Table } from "../pipeline/stage.ts"
export const numbers = stage(import.meta, "numbers", {
  params: Schema.Struct({ to: Schema.Int, spare: Schema.Int }), inputs: {}, outputs: { list: Json },
  run: async () => ({ run: ({ params }) =>
    Effect.succeed({ list: Array.from({ length: params.to }, (_, i) => i + 1) }) }),
})
export const square = stage(import.meta, "square", {
  params: Schema.Struct({}), inputs: { x: Json }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs: { x } }) => Effect.succeed({ row: { x: [x * x] } }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({ plus: Schema.Int }), inputs: { rows: many(Table) }, outputs: { total: Table },
  run: async () => ({ run: ({ params, inputs: { rows } }) =>
    Effect.succeed({ total: { x: [rows.reduce((sum, { x }) => sum + x[0], params.plus)] } }) }),
})
`
const text = (label: string): string => `
import { Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { map, node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { numbers, square, total } from "./stages.ts"
export default spec({
  config: {
    to: setting(Schema.Int, 3, "how many"),
    spare: setting(Schema.Int, 0, "changes nothing"),
    plus: setting(Schema.Int, 0, "what is added"),
  },
  nodes: ({ to, spare, plus }) => {
    const list = node(numbers, { to, spare }, {}).out.list
    const squares = map(square, "x", {}, { x: list })
    return {
      sum: node(total, { plus }, { rows: squares.out.row }, { ${label}: "all" }),
      twin: node(total, { plus }, { rows: squares.out.row }, { ${label}: "again" }),
    }
  },
  checks: ({ sum }) => [
    check({
      id: "sum", claim: "It is not negative.", source: "here",
      value: cell(sum.out.total, {}, "x"), expect: atLeast(0),
    }),
  ],
  page: () => ({
    title: "Foretold", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Foretold</title>"]]) }),
  }),
})
`
let project: Project
beforeAll(() => {
  project = new Project()
  project.write("specs/stages.ts", stages)
  project.write("specs/first.ts", text("of"))
})
afterAll(() => project[Symbol.dispose]())

const may: { readonly [tag: string]: ReadonlyArray<string> } = {
  Hit: ["hit", "joined"],
  Run: ["run"],
  Maybe: ["hit", "joined", "run"],
}

/** Asks, runs, and holds the one against the other. Gives the tags of what was predicted, by stage. */
const agreeing = async (spec: string, ...args: ReadonlyArray<string>): Promise<{ readonly [node: string]: string }> => {
  const { code, out } = await project.run("plan", spec, "--json", "--all", "--check", ...args)
  const rows = (linesOf(out) as ReadonlyArray<PlannedRow>).filter(({ node }) => node !== undefined)
  expect(code).toBe(rows.every(({ _tag }) => _tag === "Hit") ? 0 : 3)
  const told = linesOf(await project.said(0, "run", spec, "--json", "--executor", "inline", ...args))
  const ended = new Map(
    told.flatMap(({ _tag, node, outcome }) => (_tag === "NodeDone" ? [[node, outcome!] as const] : [])),
  )
  for (const { node, _tag } of rows) expect(may[_tag], `${node}: ${_tag}`).toContain(ended.get(node))
  return Object.fromEntries(rows.map(({ node, _tag }) => [node, _tag]))
}
const hits = { numbers: "Hit", square: "Hit", "total/of=all": "Hit", "total/of=again": "Hit" }
const none = (): void => rmSync(project.path(".pipeline/journal"), { recursive: true })

it("an empty store: what needs nothing runs, and the rest may", async () => {
  expect(await agreeing("specs/first.ts")).toEqual({
    numbers: "Run",
    square: "Maybe",
    "total/of=all": "Maybe",
    "total/of=again": "Maybe",
  })
  expect(await agreeing("specs/first.ts")).toEqual(hits)
}, 60_000)

it("a journal that was lost, a spec of another name, and other labels: hits", async () => {
  none()
  expect(await agreeing("specs/first.ts")).toEqual(hits)
  renameSync(project.path("specs/first.ts"), project.path("specs/second.ts"))
  expect(await agreeing("specs/second.ts")).toEqual(hits)
  project.write("specs/third.ts", text("called"))
  expect(await agreeing("specs/third.ts")).toEqual({
    numbers: "Hit",
    square: "Hit",
    "total/called=all": "Hit",
    "total/called=again": "Hit",
  })
}, 60_000)

it("an edit behind which all is as it was, without a journal: no first runs but that one", async () => {
  none()
  expect(await agreeing("specs/second.ts", "--set", "spare=1")).toEqual({
    numbers: "Run",
    square: "Maybe",
    "total/of=all": "Maybe",
    "total/of=again": "Maybe",
  })
  expect(await project.started("specs/second.ts", "--set", "spare=1")).toEqual([])
}, 60_000)

it("a list that is shorter, its items done: they are looked up, and nothing of them runs", async () => {
  await project.said(0, "run", "specs/second.ts", "--executor", "inline", "--set", "to=2", "--only", "numbers")
  expect(await agreeing("specs/second.ts", "--set", "to=2")).toEqual({
    numbers: "Hit",
    square: "Hit",
    "total/of=all": "Run",
    "total/of=again": "Maybe",
  })
}, 60_000)

it("bytes that were dropped, needed and not, and a part", async () => {
  expect(await project.said(0, "gc", "specs/second.ts", "--inner", "--keep-runs", "0")).toMatch(/inner outputs/)
  expect(await agreeing("specs/second.ts")).toEqual(hits)
  expect(await agreeing("specs/second.ts", "--until", "numbers")).toEqual({ numbers: "Hit" })
  expect(await agreeing("specs/second.ts", "--set", "plus=1", "--only", "total")).toEqual({
    "total/of=all": "Run",
    "total/of=again": "Maybe",
  })
  expect(await agreeing("specs/second.ts", "--force", "total/of=again", "--set", "plus=1")).toEqual({
    ...hits,
    "total/of=again": "Run",
  })
}, 60_000)
