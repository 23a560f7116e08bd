// Results that a person accepts, forgets, names and compares, by whole processes on a real store.
import { readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, linesOf, Project } from "../support/project.ts"

const spec = "specs/small.ts"
// A page of nothing but what was accepted.
const text = `
import { Effect, Schema } from "effect"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Table } from "../pipeline/stage.ts"
export const row = stage(import.meta, "row", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) =>
    Effect.succeed({ row: { i: [1, 2, 3], value: [1, 2, 3].map((i) => i * params.x) } }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({ plus: Schema.Finite }), inputs: { rows: many(Table) }, outputs: { total: Table },
  run: async () => ({ run: ({ params, inputs }) =>
    Effect.succeed({ total: { x: [inputs.rows.reduce((sum, { value }) => sum + value[2], params.plus)] } }) }),
})
export default spec({
  config: {
    xs: setting(Schema.Array(Schema.Finite), [1, 2, 3], "numbers"),
    plus: setting(Schema.Finite, 0, "a number"),
  },
  nodes: ({ xs, plus }) => {
    const rows = xs.map((x) => node(row, { x }, {}, { x }).out.row)
    return { total: node(total, { plus }, { rows }) }
  },
  checks: () => [],
  page: () => ({
    title: "Small", lead: [], figures: [],
    render: async () => ({ page: async ({ made }) => new Map([["index.html", JSON.stringify(made.accepted)]]) }),
  }),
})
`
const product = "i * params.x"

let project: Project
beforeAll(async () => {
  project = new Project()
  project.write(spec, text)
  await run()
}, 60_000)
afterAll(() => project[Symbol.dispose]())

const run = (...args: ReadonlyArray<string>) => project.started(spec, ...args)
const said = (status: number, ...args: ReadonlyArray<string>) => project.said(status, ...args)
const page = (): ReadonlyArray<{ readonly nodes: number; readonly by: string }> =>
  JSON.parse(readFileSync(project.path("out/small/index.html"), "utf8")) as never

describe("tag", () => {
  it("names a run, and runs shows it", async () => {
    expect(await said(0, "tag", "last", "baseline")).toMatch(/^baseline names the run [0-9a-f]{8}\.\n$/)
    expect(await said(0, "runs")).toMatch(/ · done · tagged baseline\n/)
  })
})

describe("accept", () => {
  const because = ["--because", "the factors were swapped", "--by", "reader"]

  it("says what it would do, and does nothing", async () => {
    project.edit(spec, product, "params.x * i")
    const told = await said(0, "accept", spec, "row", "total", ...because, "--dry-run")
    expect(told).toContain("row/x=2  would be accepted: code\n")
    expect(lastLine(told)).toBe("3 would be accepted, 1 already a hit. Nothing was written.")
  })

  it("keeps the results of changed code, and results, runs and page say by whose word", async () => {
    expect(lastLine(await said(0, "accept", spec, "row", ...because))).toBe("3 accepted, 0 already hits")
    expect(await run()).toEqual([])
    expect(page()).toEqual([
      expect.objectContaining({
        stage: "row",
        nodes: 3,
        what: "code",
        by: "reader",
        because: "the factors were swapped",
      }),
    ])
    expect(await said(0, "show", spec, "row/x=2")).toMatch(
      /\naccepted {4}by reader on \d{4}-\d\d-\d\d: the factors were swapped \(code; from key [0-9a-f]{64}\)\n/,
    )
    expect(await said(0, "runs", "-n", "2")).toMatch(/ 3 hit \(3 accepted\), 0 joined, 0 run/)
  })

  it("wants a reason, and refuses what was asked otherwise", async () => {
    expect(await said(2, "accept", spec, "row")).toMatch(/because/)
    const [row] = linesOf(await said(2, "accept", spec, "total", "--set", "plus=1", "--because", "I wish it", "--json"))
    expect(row).toMatchObject({
      node: "total",
      _tag: "Refused",
      why: { _tag: "OtherMeaning", differences: [{ path: "params.plus", before: "0", after: "1" }] },
    })
  })
})

describe("forget", () => {
  it("makes a run compute a node anew, and the page call it accepted no more", async () => {
    expect(await said(0, "forget", spec, "row", "--dry-run")).toMatch(
      /\n3 would be forgotten\. Nothing was removed\.\n$/,
    )
    expect(await said(0, "forget", spec, "row/x=2")).toMatch(/^row\/x=2 {2}forgotten\n/)
    expect(await said(0, "plan", spec)).toContain("row/x=2  run: missing its record\n")
    // Behind it the wave may stop at what is there, so that is forgotten, too.
    const lines = (await said(0, "forget", spec, "row/x=2", "total")).split("\n")
    expect(lines.slice(0, 2)).toEqual([
      "row/x=2  has no record to forget (run: missing its record)",
      "total  forgotten",
    ])
    expect(lines[2]).toMatch(/^1 forgotten, 1 without a record\./)
    expect(await run()).toEqual(["row/x=2", "total"])
    expect(page()).toEqual([expect.objectContaining({ nodes: 2 })])
  })
})

describe("diff", () => {
  it("tells of tables which columns changed and where most, from a tagged run on", async () => {
    project.edit(spec, "params.x * i", "params.x * i + (i === 2 ? 1 : 0)")
    expect(await run("--set", "plus=2")).toEqual(["row/x=1", "row/x=2", "row/x=3", "total"])
    const told = await said(0, "diff", "baseline", "last")
    expect(told).toMatch(/row: value in 1 of 3 rows, the largest change at i=2: 2 → 3 \(33 %\)\n/)
    expect(told).toMatch(/total: x in 1 of 1 row, the largest change: 18 → 20 \(10 %\)\n/)
    const [{ nodes }] = linesOf(await said(0, "diff", "baseline", "last", "--json")) as unknown as [
      { nodes: ReadonlyArray<{ name: string; tables: ReadonlyArray<object> }> },
    ]
    expect(nodes.find(({ name }) => name === "total")!.tables).toEqual([
      expect.objectContaining({ name: "total", paired: 1, columns: [expect.objectContaining({ name: "x", rows: 1 })] }),
    ])
  })
})

describe("gc", () => {
  it("keeps what a tagged run made until its tag is taken away", async () => {
    await said(0, "gc", spec, "--keep-runs", "0")
    project.write(spec, text)
    expect(await run()).toEqual([])
    expect(await said(0, "tag", "--delete", "baseline")).toMatch(/^baseline no longer names a run/)
    await said(0, "gc", spec, "--set", "plus=2", "--keep-runs", "0")
    expect(await run()).toEqual(["total"])
  })
})
