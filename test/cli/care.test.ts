// The care of a store, by whole processes on a real one: what takes room, what may go, what is not as it was.
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, linesOf, Project } from "../support/project.ts"

const spec = "specs/small.ts"
const text = `
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Table } from "../pipeline/stage.ts"
export const row = stage(import.meta, "row", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.sync(() => {
    while (params.x > 90);
    return { row: { x: Array.from({ length: 1000 }, (_, i) => i * params.x) } }
  }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({ plus: Schema.Finite }), inputs: { rows: many(Table) }, outputs: { total: Table },
  run: async () => ({ run: ({ params, inputs }) => {
    const x = [inputs.rows.reduce((sum, { x }) => sum + x[999], params.plus)]
    return Effect.succeed({ total: { x } })
  } }),
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
  checks: ({ total }) => [
    check({
      id: "some", claim: "There is some.", source: "here",
      value: cell(total.out.total, {}, "x"), expect: atLeast(0),
    }),
  ],
  page: () => ({
    title: "Small", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Small</title>"]]) }),
  }),
})
`
const rows = ["row/x=1", "row/x=2", "row/x=3"]

let project: Project
beforeAll(async () => {
  project = new Project()
  project.write(spec, text)
  await run()
}, 60_000)
afterAll(() => project[Symbol.dispose]())

const run = (...args: ReadonlyArray<string>) => project.started(spec, ...args)
const said = (status: number, ...args: ReadonlyArray<string>) => project.said(status, ...args)
const files = (room = "."): ReadonlyArray<string> =>
  readdirSync(project.path(join(".pipeline", room)), { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
    .sort()
const size = (): number => files().reduce((sum, path) => sum + statSync(path).size, 0)
const pathOf = (room: string, digest: string): string =>
  project.path(`.pipeline/${room}/${digest.slice(0, 2)}/${digest.slice(2)}`)
const rowOf = async (name: string) => (await project.plan(spec)).find(({ node }) => node === name)!

describe("du", () => {
  it("adds up to the files, by stage, the largest first", async () => {
    const held = linesOf(await said(0, "du", "--json")) as unknown as ReadonlyArray<{
      kind: string
      stage?: string
      records: number
      bytes: number
    }>
    expect(held.reduce((sum, each) => sum + each.bytes, 0)).toBe(size())
    expect(held.map(({ bytes }) => bytes)).toEqual(held.map(({ bytes }) => bytes).toSorted((a, b) => b - a))
    expect(
      Object.fromEntries(held.flatMap(({ stage, records }) => (stage === undefined ? [] : [[stage, records]]))),
    ).toEqual({ row: 3, total: 1 })
    expect(lastLine(await said(0, "du"))).toMatch(/in all, 4 records in \d+ files$/)
  })
})

describe("gc", () => {
  it("keeps what the last runs hold, although no spec is named", async () => {
    await run("--set", "xs=1,2,3,4")
    expect(await said(0, "gc")).toMatch(/^0 B removed/)
    expect(await run("--set", "xs=1,2,3,4")).toEqual([])
  })

  it("lists by stage what would go, and removes nothing when only asked", async () => {
    const before = files("records").concat(files("blobs"))
    const told = await said(0, "gc", spec, "--keep-runs", "0", "--dry-run")
    expect(told).toMatch(/B {2}row {2}1 record\n/)
    expect(told).toMatch(/B {2}total {2}1 record\n.*would be removed, .* would stay\. Nothing was removed\.\n$/)
    expect(files("records").concat(files("blobs"))).toEqual(before)
  })

  it("takes only what is old enough, and no more than a size asks for", async () => {
    const before = files("records")
    expect(await said(0, "gc", spec, "--keep-runs", "0", "--older-than", "1")).toMatch(/^0 B removed/)
    expect(await said(0, "gc", spec, "--keep-runs", "0", "--max-size", "1GB")).toMatch(/^0 B removed/)
    expect(files("records")).toEqual(before)
  })

  it("keeps exactly the roots, and a run after it finds all done", async () => {
    await said(0, "gc", spec, "--keep-runs", "0")
    expect(files("records")).toHaveLength(4)
    expect(await run()).toEqual([])
    expect(await run("--set", "xs=1,2,3,4")).toEqual(["row/x=4", "total"])
    await said(0, "gc", spec, "--keep-runs", "0")
  })

  it("drops inner outputs when told to; they are made again only for a node that has to run", async () => {
    expect(await said(0, "gc", spec, "--inner")).toMatch(/\(inner outputs\) {2}3 blobs/)
    expect(await run()).toEqual([])
    expect(await said(0, "fsck")).not.toMatch(/missing/)
    // Needed again, they would run, and their records still stand.
    expect(await said(0, "forget", spec, "row", "total", "--set", "plus=1", "--dry-run")).toMatch(
      /\n3 would be forgotten, 1 without a record\./,
    )
    expect([...new Set(await run("--set", "plus=1"))]).toEqual([...rows, "total"])
    expect(await run()).toEqual([])
  })

  it("refuses to empty a store, and a size that is none", async () => {
    expect(await said(2, "gc", "--keep-runs", "0")).toMatch(/Everything would be removed/)
    expect(await said(2, "gc", "--max-size", "big")).toMatch(/big is not a size/)
  })

  it("keeps away from a live run, as fsck and forget do; one that was killed holds up neither", async () => {
    const running = project.start("run", spec, "--json", "--set", "xs=99")
    await running.until(({ _tag }) => _tag === "NodeStarted")
    expect(await said(9, "gc", spec)).toMatch(/A run is using this store/)
    await said(9, "fsck")
    await said(9, "forget", spec, "total")
    running.signal("SIGKILL")
    await running.finished
    await said(0, "gc", spec)
    expect(files("claims")).toEqual([])
  }, 30_000)
})

describe("fsck", () => {
  it("says in a line that all is well", async () => {
    expect(await said(0, "fsck")).toMatch(/^\d+ blobs \(.*\), \d+ records, \d+ journals: all are as they were written/)
  })

  for (const [kind, says, sabotage] of [
    ["truncated blob", /damaged {2}blob/, (blob: string) => truncateSync(blob, 100)],
    ["emptied blob", /damaged {2}blob/, (blob: string) => truncateSync(blob, 0)],
    [
      "bit-flipped blob",
      /damaged {2}blob/,
      (blob: string) => {
        const bytes = readFileSync(blob)
        bytes[500]! ^= 1
        writeFileSync(blob, bytes)
      },
    ],
    ["removed blob", /missing {2}blob/, (blob: string) => rmSync(blob)],
    ["torn record", /torn {5}record/, (_: string, record: string) => truncateSync(record, 100)],
  ] as const) {
    it(`finds the ${kind}, and the run after it makes only that anew`, async () => {
      const { key, outputs } = await rowOf("row/x=2")
      const blob = pathOf("blobs", outputs![0]!.digest)
      chmodSync(blob, 0o644)
      sabotage(blob, pathOf("records", key!))
      const told = await said(4, "fsck")
      expect(told).toMatch(says)
      expect(told).toMatch(/1 fault found/)
      expect(await run()).toEqual(["row/x=2"])
      expect(existsSync(blob)).toBe(true)
      await said(0, "fsck", "--json")
    })
  }
})
