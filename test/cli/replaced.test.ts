// What `gc --inner` dropped and comes out otherwise when it is made again: by whole processes on a real store, what a
// run says, what it gives back, and what looking at it says before and after.
import { readFileSync, rmSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Event } from "../../pipeline/event.ts"
import { lastLine, linesOf, Project, startedIn } from "../support/project.ts"

const spec = "specs/chance.ts"
const text = `
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { stage, Table } from "../pipeline/stage.ts"
// Another value every time: arquero draws by chance, and no key sees what a package does by itself.
export const draw = stage(import.meta, "draw", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Table },
  run: async () => {
    const { table } = await import("arquero")
    const many = table({ x: Array.from({ length: 100_000 }, (_, i) => i) })
    return { run: () => Effect.sync(() => ({ value: { x: [many.sample(1).get("x", 0)] } })) }
  },
})
export const same = stage(import.meta, "same", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { value: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ value: { x: [params.x] } }) }),
})
export const more = stage(import.meta, "more", {
  params: Schema.Struct({ by: Schema.Finite }), inputs: { value: Table }, outputs: { sum: Table },
  run: async () => ({ run: ({ params, inputs: { value } }) =>
    Effect.succeed({ sum: { x: [value.x[0] + params.by] } }) }),
})
export default spec({
  config: { by: setting(Schema.Finite, 1, "what is added") },
  nodes: ({ by }) => {
    const [value, constant] = [node(draw, {}, {}).out.value, node(same, { x: 5 }, {}).out.value]
    return {
      zero: node(more, { by: 1 }, { value }, { of: "draw" }),
      more: node(more, { by: by + 1 }, { value }, { of: "draw", by: 1 }),
      fixed: node(more, { by: 1 }, { value: constant }, { of: "same" }),
      fixedMore: node(more, { by: by + 1 }, { value: constant }, { of: "same", by: 1 }),
    }
  },
  checks: (nodes) => Object.entries(nodes).map(([id, { out }]) =>
    check({ id, claim: "It is not negative.", source: "here", value: cell(out.sum, {}, "x"), expect: atLeast(0) })),
  page: (_, __) => ({
    title: "Chance", lead: [], figures: [],
    render: async () => ({ page: async ({ claims }) => {
      const measured = claims.map(({ id, measured }) => [id, measured])
      return new Map([["index.html", JSON.stringify(measured)]])
    } }),
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

const runOf = async (...args: ReadonlyArray<string>) => {
  const out = await project.said(0, "run", spec, "--json", "--executor", "inline", ...args)
  const events = linesOf(out) as ReadonlyArray<unknown> as ReadonlyArray<Event>
  const values = Object.fromEntries(
    events.flatMap((event) =>
      event._tag === "CheckJudged"
        ? [[(event as unknown as { check: string }).check, (event as unknown as { measured: number }).measured]]
        : [],
    ),
  )
  const named = (tag: Event["_tag"]) =>
    events.flatMap((event) => (event._tag === tag && "node" in event ? [event.node] : []))
  const counts = events.flatMap((event) => (event._tag === "RunDone" ? [event.counts] : []))[0]!
  return { started: [...new Set(startedIn(out))].toSorted(), values, replaced: named("ResultReplaced"), counts }
}
const page = (): { readonly [id: string]: number } =>
  Object.fromEntries(
    JSON.parse(readFileSync(project.path("out/chance/index.html"), "utf8")) as ReadonlyArray<[string, number]>,
  )
const drop = async (by: number) =>
  expect(await project.said(0, "gc", spec, "--inner", "--set", `by=${by}`)).toMatch(/\(inner outputs\)/)

describe("an inner output that was dropped and does not repeat itself", () => {
  it("is named by show, and asked for by export, which says how to get it", async () => {
    await drop(1)
    expect(await project.started(spec)).toEqual([])
    expect(await project.said(0, "show", spec, "draw")).toMatch(
      /output {6}value {2}[0-9a-f]{64} {2}\S+ k?B {2}\(not in the store: it is made again when a run needs it\)/,
    )
    expect(await project.said(2, "export", spec, "same", "value", "-o", "same.json")).toContain(
      "value of same was dropped by pipeline gc --inner. The next run makes it again, because you asked for it",
    )
    expect(await project.started(spec)).toEqual(["same"])
    expect(await project.said(0, "export", spec, "same", "value", "-o", "same.json")).toMatch(/^same\.json/)
  }, 60_000)

  it("is predicted to run where a changed reader needs it, with a maybe for all who read it", async () => {
    const before = await runOf()
    await drop(1)
    const planned = await project.said(3, "plan", spec, "--set", "by=2", "--check")
    expect(planned).toMatch(/^draw {2}run: missing value$/m)
    expect(planned).toMatch(/^more\/of=draw {2}maybe: draw runs$/m)
    expect(planned).toMatch(/^more\/of=draw,by=1 {2}maybe: param by 2→3; draw runs$/m)
    const { values, started, replaced, counts } = await runOf("--set", "by=2")
    expect(replaced).toEqual(["draw"])
    expect(counts.replaced).toBe(1)
    expect(started).toEqual(["draw", "more/of=draw", "more/of=draw,by=1", "more/of=same,by=1", "same"])
    expect(values["zero"]).not.toBe(before.values["zero"])
    expect([values["more"]! - values["zero"]!, values["fixed"], values["fixedMore"]]).toEqual([2, 6, 8])
    expect(page()).toEqual(values)
    expect(await project.said(0, "show", spec, "draw", "--set", "by=2")).toMatch(
      /^replaces {4}value [0-9a-f]{12}: lost, and made again with other bytes$/m,
    )
    expect((await runOf("--set", "by=2")).started).toEqual([])
  }, 60_000)

  it("says so on lines that people read, and in the last one, and the run ends well", async () => {
    await drop(2)
    const out = await project.said(0, "run", spec, "--executor", "inline", "--set", "by=3")
    expect(out).toMatch(/^replaced draw: value came out with other bytes than the lost ones\./m)
    expect(out).toMatch(/^again {3}more\/of=draw: draw gave something else than before$/m)
    const ended =
      "6 nodes: 1 hit, 0 joined, 5 run, 0 failed, 0 skipped · 1 lost result replaced · 4 checks: 4 passed, 0 failed · "
    expect(lastLine(out).startsWith(ended), out).toBe(true)
  }, 60_000)

  it("that is lost from the disk is made before its readers, who are made anew", async () => {
    const row = (await project.plan(spec, "--set", "by=3")).find(({ node }) => node === "draw")!
    const { digest } = row.outputs![0]!
    rmSync(project.path(`.pipeline/blobs/${digest.slice(0, 2)}/${digest.slice(2)}`))
    const { started, replaced, values } = await runOf("--set", "by=3")
    expect({ started, replaced }).toEqual({
      started: ["draw", "more/of=draw", "more/of=draw,by=1"],
      replaced: ["draw"],
    })
    expect(values["more"]! - values["zero"]!).toBe(3)
    expect(page()).toEqual(values)
  }, 60_000)

  it("that is left out is made by no run, and nothing is mixed", async () => {
    await drop(3)
    const refused = await project.said(2, "run", spec, "--executor", "inline", "--set", "by=9", "--only", "more")
    expect(refused).toContain(
      "Nothing was run: draw, same are needed and left out, and the results are not in the store.",
    )
    expect(await project.said(3, "plan", spec, "--set", "by=9", "--only", "more", "--check")).toMatch(
      /^more\/of=draw,by=1 {2}cannot run: needs draw, which is left out and not in the store$/m,
    )
  }, 60_000)
})
