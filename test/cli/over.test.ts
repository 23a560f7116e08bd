// A node over a list under every command that looks at it, gives it away, forgets it or cleans up behind it, by
// whole processes on a real store.
import { existsSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, linesOf, Project } from "../support/project.ts"

const spec = "specs/listed.ts"
const text = `
import { Effect, Schema } from "effect"
import { map, node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { Json, many, stage, Table } from "../pipeline/stage.ts"
export const list = stage(import.meta, "list", {
  params: Schema.Struct({ to: Schema.Finite }), inputs: {}, outputs: { items: Json },
  run: async () => ({ run: ({ params }) =>
    Effect.succeed({ items: Array.from({ length: params.to }, (_, i) => i + 1) }) }),
})
export const each = stage(import.meta, "each", {
  params: Schema.Struct({}), inputs: { item: Json }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) =>
    Effect.succeed({ row: { i: [inputs.item], square: [inputs.item * inputs.item] } }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { total: Table },
  run: async () => ({ run: ({ inputs }) =>
    Effect.succeed({ total: { x: [inputs.rows.reduce((sum, { square }) => sum + square[0], 0)] } }) }),
})
export default spec({
  config: { to: setting(Schema.Finite, 3, "a number") },
  nodes: ({ to }) => {
    const { items } = node(list, { to }, {}).out
    return { total: node(total, {}, { rows: map(each, "item", {}, { item: items }).out.row }) }
  },
  checks: () => [],
  page: () => ({
    title: "Listed", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", ""]]) }),
  }),
})
`

let project: Project
beforeAll(async () => {
  project = new Project()
  project.write(spec, text)
  await project.started(spec)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

const said = (status: number, ...args: ReadonlyArray<string>) => project.said(status, ...args)

describe("a gate", () => {
  it("that verified nothing is not green", async () => {
    await said(0, "lock", spec)
    await said(3, "check", spec, "--lock", "--sample", "0")
  })

  it("that was sent to no store says so, and makes none", async () => {
    const nowhere = project.path("nowhere")
    for (const command of ["fsck", "runs"])
      expect(await said(2, command, "--store", nowhere)).toBe(
        `There is no store in ${nowhere}. Name its directory: --store DIRECTORY. A run makes a store.\n`,
      )
    expect(existsSync(nowhere)).toBe(false)
  })

  it("takes no number below nought", async () => {
    for (const args of [
      ["run", spec, "--timeout=-1"],
      ["runs", "--limit=-1"],
      ["gc", "--older-than=-1"],
    ])
      await said(2, ...args)
  })
})

describe("a node over a list", () => {
  it("is shown with the names of its items, whose logs can be asked for", async () => {
    const told = await said(0, "show", spec, "each")
    expect(told).toContain("for all its items together\n")
    expect(lastLine(told)).toBe("items       3 items, each[0] to each[2]: see pipeline logs SPEC 'each[0]'")
    expect(await said(0, "logs", spec, "each[0]")).toContain("each[0] was made")
  })

  it("is exported item by item, and only so", async () => {
    await said(0, "export", spec, "each", "row/1", "-o", project.path("row.csv"))
    expect(readFileSync(project.path("row.csv"), "utf8").trim()).toBe("i,square\n2,4")
    expect(await said(2, "export", spec, "each", "row", "-o", project.path("none.csv"))).toBe(
      "each runs over a list of 3 items, so it has no single output row. Name one of: row/0 to row/2.\n",
    )
  })

  it("stands in a timeline by its items, behind the list they come from", async () => {
    const { bars } = JSON.parse(await said(0, "timeline", "last", "--json")) as {
      readonly bars: ReadonlyArray<{ readonly node: string; readonly critical: boolean }>
    }
    expect(bars.map(({ node }) => node).toSorted()).toEqual(["each[0]", "each[1]", "each[2]", "list", "total"])
    expect(bars.filter(({ critical }) => critical).map(({ node }) => node.replace(/\d/, "i"))).toEqual([
      "list",
      "each[i]",
      "total",
    ])
  })

  it("keeps its items through a collection, for a longer list", async () => {
    await said(0, "gc", spec, "--keep-runs", "0")
    expect(await project.started(spec, "--set", "to=4")).toEqual(["each[3]", "list", "total"])
  })

  it("is forgotten with its items, which the next run makes anew", async () => {
    expect(await said(0, "forget", spec, "each", "--dry-run")).toContain("each  would be forgotten, with 3 items\n")
    const [row] = linesOf(await said(0, "forget", spec, "each", "--json"))
    expect(row).toMatchObject({ node: "each", forgotten: true, items: 3 })
    expect(await project.started(spec)).toEqual(["each[0]", "each[1]", "each[2]"])
    await said(0, "forget", spec, "each", "--set", "to=2") // of another list, which no run has seen
    expect(await project.started(spec, "--set", "to=2")).toEqual(["each[0]", "each[1]", "list", "total"])
  })

  it("is accepted with its items, which the last run then holds", async () => {
    project.edit(spec, "inputs.item * inputs.item", "inputs.item ** 2")
    await said(0, "accept", spec, "each", "--set", "to=2", "--because", "a power is a product", "--by", "reader")
    await said(0, "gc", "--keep-runs", "1")
    expect(await project.started(spec, "--set", "to=3")).toEqual(["each[2]", "list", "total"])
  })
})
