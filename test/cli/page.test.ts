// What a run hands to its page: the claims at this scale and at others, and what is behind the points. A real run of
// a spec whose page is the content itself.
import { execFileSync } from "node:child_process"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { PageContent } from "../../pipeline/spec/content.ts"
import { Project } from "../support/project.ts"

const text = `
import { Effect, Schema } from "effect"
import { atMost, cell, check, within } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { claimsData } from "../report/claims-json.ts"
import { stage, Table } from "../pipeline/stage.ts"
export const slope = stage(import.meta, "slope", {
  params: Schema.Struct({ value: Schema.Number }), inputs: {}, outputs: { table: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ table: { value: [params.value] } }) }),
})
export default spec({
  config: { value: setting(Schema.Number, -1.1, "what comes out"), note: setting(Schema.String, "", "anything") },
  scales: { quick: {}, medium: {}, paper: {} },
  nodes: ({ value }) => ({
    slope: node(slope, { value }, {}, { of: "it's" }),
    other: node(slope, { value: 2 }, {}, { of: "other" }),
  }),
  checks: ({ slope, other }) => {
    const value = cell(slope.out.table, {}, "value")
    return [
      check({
        id: "slope", claim: "It falls as 1/h.", source: "Fig. 1", value,
        expect: within(-1, 0.2), at: { paper: within(-1, 0.05) }, differs: within(-1, 0.5),
      }),
      check({ id: "small", claim: "It is small.", source: "Fig. 1", value, expect: atMost(0), scales: ["medium"] }),
      check({
        id: "two", claim: "It is two.", source: "Fig. 2",
        value: cell(other.out.table, {}, "value"), expect: within(2, 0),
      }),
    ]
  },
  page: ({ slope, other }) => ({
    title: "Slope", lead: [],
    figures: [[slope, "1"], [other, "2"]].map(([{ out }, id]) => ({ id, title: "", caption: "", figure: out.table })),
    render: async () => ({
      page: async (content) => new Map([
        ["index.html", JSON.stringify(content)],
        ["claims.json", JSON.stringify(claimsData(content))],
      ]),
    }),
  }),
})
`
let project: Project
beforeAll(() => {
  project = new Project()
  project.write("specs/slope.ts", text)
})
afterAll(() => project[Symbol.dispose]())

const shown = async (
  ...settings: ReadonlyArray<string>
): Promise<{ readonly content: PageContent; readonly last: string; readonly code: number | null }> => {
  const { code, out } = await project.run("run", "specs/slope.ts", ...settings)
  return {
    content: JSON.parse(readFileSync(project.path("out/slope/index.html"), "utf8")) as PageContent,
    last: out.trimEnd().split("\n").at(-1)!,
    code,
  }
}

it("a claim says what is expected here and at other scales, what would fail, and where it is tested", async () => {
  const { content, last, code } = await shown()
  expect(content.claims).toMatchObject([
    {
      id: "slope",
      verdict: "agrees",
      expected: "-1 ± 0.2",
      differs: "-1 ± 0.5",
      fails: "outside -1.5 to -0.5",
      elsewhere: [{ scale: "paper", expected: "-1 ± 0.05" }],
    },
    { id: "small", verdict: "not judged", elsewhere: [], note: "Not judged at the scale quick, only at medium." },
    { id: "two", verdict: "agrees" },
  ])
  expect([code, last]).toEqual([0, expect.stringContaining("3 checks: 2 passed, 0 failed, 1 not judged")])
}, 60_000)

it("a difference that is no contradiction is told, and is no failure", async () => {
  const { content, last, code } = await shown("--set", "scale=paper")
  expect(content.claims[0]).toMatchObject({
    verdict: "differs",
    asDeclared: true,
    expected: "-1 ± 0.05",
    elsewhere: [
      { scale: "quick", expected: "-1 ± 0.2" },
      { scale: "medium", expected: "-1 ± 0.2" },
    ],
  })
  expect([code, last]).toEqual([0, expect.stringContaining("2 passed (1 differs), 0 failed, 1 not judged")])
}, 60_000)

it("a node comes with its key, its seconds, and a command that shows it as it was set", async () => {
  const {
    content: { nodes, made },
  } = await shown("--set", "scale=paper", "--set", "note=it's fine")
  expect(nodes).toContainEqual({
    name: "slope/of=it's",
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
    seconds: expect.any(Number),
  })
  expect(made.show).toBe(String.raw`npx pipeline show specs/slope.ts --set scale=paper --set 'note=it'\''s fine'`)
  const { out } = await project.run(
    "show",
    "specs/slope.ts",
    "--set",
    "scale=paper",
    "--set",
    "note=it's fine",
    "slope/of=it's",
  )
  expect(out).toContain(nodes.find(({ name }) => name === "slope/of=it's")!.key)
}, 60_000)

const partOfPage =
  "a part has a page of its own, with the figures and claims that were asked for, and says what it leaves out"
it(
  partOfPage,
  async () => {
    const { content: whole } = await shown()
    const { code, out } = await project.run("run", "specs/slope.ts", "--until", "figure/2")
    expect([code, out]).toEqual([0, expect.stringContaining("page    out/slope.part/index.html\n")])
    const part = JSON.parse(readFileSync(project.path("out/slope.part/index.html"), "utf8")) as PageContent
    expect(part).toMatchObject({
      figures: [{ id: "2" }],
      claims: [{ id: "two", verdict: "agrees" }],
      nodes: [{ name: "slope/of=other" }],
      leftOut: { figures: 1, claims: 2, nodes: 1 },
    })
    expect(part.made.commands[0]!.command).toBe("npx pipeline run specs/slope.ts --until figure/2")
    // Asked for in other words, it is another page: how it is made again stands on it.
    expect((await project.run("run", "specs/slope.ts", "--only", "figure/2")).out).toContain(
      "page    out/slope.part/index.html\n",
    )
    // The whole page stands beside it.
    expect(JSON.parse(readFileSync(project.path("out/slope/index.html"), "utf8"))).toEqual(whole)
    expect(whole.leftOut).toBeUndefined()
  },
  60_000,
)

it("a page knows the claims of its last version, unless that shows another scale or was changed by hand", async () => {
  const of = async (...settings: ReadonlyArray<string>) => (await shown(...settings)).content.before?.claims[0]
  await shown("--set", "note=first")
  expect(await of("--set", "value=-1.15")).toMatchObject({ id: "slope", measured: -1.1, verdict: "agrees" })
  expect(await of("--set", "value=-1.7")).toMatchObject({ measured: -1.15 })
  expect(await of("--set", "scale=medium")).toBeUndefined()
  expect((await shown("--set", "note=second")).content.before).toBeUndefined()
  expect((await shown("--set", "note=third", "--set", "value=-1.2")).content.before?.settings).toEqual([
    "value",
    "note",
  ])
  // A part of the spec has other claims than another part.
  const parts = ["slope/of=it's", "slope/of=other"].map((part) => project.run("run", "specs/slope.ts", "--until", part))
  for (const { code } of await Promise.all(parts)) expect(code).toBe(0)
  const part = JSON.parse(readFileSync(project.path("out/slope.part/index.html"), "utf8")) as PageContent
  expect(part.before).toBeUndefined()
  await shown()
  rmSync(project.path("out/slope/claims.json"))
  execFileSync("mkfifo", [project.path("out/slope/claims.json")])
  expect(await of("--set", "value=-1.3")).toBeUndefined()
  await shown()
  writeFileSync(project.path("out/slope/claims.json"), "{}")
  expect(await of("--set", "value=-1.2")).toBeUndefined()
}, 180_000)
