// Looking back at runs of the real smoke spec, and at one of a spec that fails: whole processes, a real journal.
import { readdirSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { linesOf, Project } from "../support/project.ts"

const spec = "specs/smoke.ts"
const small = ["--set", "widths=8", "--set", "replicas=1", "--set", "sqrtHAlpha=0.1,1e5", "--set", "maxSteps=300"]
let project: Project
beforeAll(async () => {
  project = new Project()
  // Nets of so few steps do not converge, and the checks say so.
  expect((await project.run("run", spec, ...small)).code).toBe(4)
  expect((await project.run("run", spec, ...small, "--set", "maxSteps=200")).code).toBe(4)
}, 120_000)
afterAll(() => project[Symbol.dispose]())

const asked = async <A = { readonly [name: string]: unknown }>(
  ...args: ReadonlyArray<string>
): Promise<ReadonlyArray<A>> => {
  const { code, out, err } = await project.run(...args, "--json")
  expect(code, err).toBe(0)
  return linesOf(out) as unknown as ReadonlyArray<A>
}

it("runs lists both, with settings, counts and how they ended", async () => {
  const runs = await asked("runs")
  expect(runs).toMatchObject([
    {
      spec,
      nodes: 40,
      settings: { maxSteps: 300, widths: [8] },
      counts: { hit: 4, run: 36, failed: 0, skipped: 0 },
      code: 4,
    },
    { spec, nodes: 40, settings: { maxSteps: 200, widths: [8] }, counts: { failed: 0, skipped: 0 }, code: 4 },
  ])
  const { out } = await project.run("runs", "-n", "1")
  expect(out).toContain("a check is not as declared")
  expect(out.trimEnd().split("\n")).toHaveLength(2)
}, 60_000)

it("history lists what a claim measured in each run, and guesses at a name that is not there", async () => {
  expect(await asked("history", "converged")).toMatchObject([
    { id: "converged", spec, verdict: "contradicts", settings: { maxSteps: 300 } },
    { id: "converged", spec, verdict: "contradicts", settings: { maxSteps: 200 } },
  ])
  const { out } = await project.run("history", "converged", "-n", "1")
  expect(out).toMatch(/^[0-9a-f]{8} {2}.* UTC {2}specs\/smoke\.ts \(only\) {2}\d+ {2}contradicts$/m)
  const { code, err } = await project.run("history", "convergd")
  expect([code, err]).toEqual([2, expect.stringContaining("Similar ids: converged")])
}, 60_000)

const changesAlone =
  "diff names the setting, the param of the trainings and the outputs they changed, and no other setting"
it(
  changesAlone,
  async () => {
    const [diff] = await asked<{
      readonly settings: unknown
      readonly onlyBefore: unknown
      readonly onlyAfter: unknown
      readonly nodes: ReadonlyArray<{
        readonly name: string
        readonly parts: ReadonlyArray<{ readonly path: string }>
        readonly outputs: ReadonlyArray<{ readonly before: string; readonly after: string }>
      }>
    }>("diff", "last~1", "last")
    expect(diff).toMatchObject({
      settings: [{ path: "maxSteps", before: "300", after: "200" }],
      onlyBefore: [],
      onlyAfter: [],
    })
    const train = diff!.nodes.find(({ name }) => name.startsWith("train/"))!
    expect(train.parts.map(({ path }) => path)).toEqual([expect.stringMatching(/^params\..*steps$/i)])
    expect(train.outputs.some(({ before, after }) => before !== after)).toBe(true)
    expect(diff!.nodes.map(({ name }) => name)).not.toContain("parity")
    expect((await project.run("diff", "last", "last")).out.trim()).toBe("The two runs do not differ.")
  },
  60_000,
)

it("compare draws each figure with both runs in it, beside both numbers of every claim", async () => {
  const { code, out, err } = await project.run("compare", "last~1", "last")
  expect(code, err).toBe(0)
  const path = /^page {4}(out\/compare-smoke-[0-9a-f]{8}-[0-9a-f]{8}\/)index\.html$/m.exec(out)![1]!
  const page = readFileSync(project.path(`${path}index.html`), "utf8")
  expect(page).toContain("<code>maxSteps</code>")
  const figures = readdirSync(project.path(`${path}figures`)).filter((file) => file.endsWith(".vl.json"))
  expect(figures.length).toBeGreaterThan(1)
  for (const file of figures)
    expect(readFileSync(project.path(`${path}figures/${file}`), "utf8")).toMatch(/\(maxSteps=300\)".*\(maxSteps=200\)"/)
  expect(page.split("Not the declared verdict").length).toBeGreaterThan(2)
}, 60_000)

it("compare says what is no longer in the store, and refuses runs that cannot be compared", async () => {
  expect((await project.run("forget", spec, "plot/figure=3a", ...small, "--set", "maxSteps=200")).code).toBe(0)
  const { code, out } = await project.run("compare", "last~1", "last", "--out", "pages")
  expect(code).toBe(0)
  expect(out).toMatch(/^without figure 3a: The data that the run [0-9a-f]{8} made for it is no longer in the store/m)
  const [folder] = readdirSync(project.path("pages"))
  expect(readFileSync(project.path(`pages/${folder}/index.html`), "utf8")).toMatch(
    /Figure 3a<\/span>.*: The data that the run/,
  )
  expect(await project.run("compare", "last", "last")).toMatchObject({
    code: 2,
    err: expect.stringContaining("Both names mean the run"),
  })
}, 60_000)

it("timeline shows the nodes that ran in bars that end before those that take them begin, and draws them", async () => {
  const [first] = await asked<{
    readonly bars: ReadonlyArray<{
      readonly node: string
      readonly from: number
      readonly to: number
      readonly critical: boolean
    }>
  }>("timeline", "last~1")
  const bar = (stage: string) => first!.bars.find(({ node }) => node.split("/")[0] === stage)!
  expect(first!.bars).toHaveLength(36)
  expect(bar("parity").to).toBeLessThanOrEqual(bar("train").from)
  expect(bar("summarize").from).toBeGreaterThan(bar("train").to)
  expect(first!.bars.filter(({ critical }) => critical).length).toBeGreaterThan(2)
  expect((await project.run("timeline", "last~1", "-o", "timeline.html")).code).toBe(0)
  expect(readFileSync(project.path("timeline.html"), "utf8")).toContain("<title>parity/n=")
}, 60_000)

it("lineage ends at the sources above and at the figures below", async () => {
  const rows = await asked("lineage", spec, "train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,replica=0", ...small)
  expect(rows.filter(({ direction, node }) => direction === "up" && String(node).startsWith("source/")).length).toBe(4)
  expect(
    rows.filter(({ direction, node }) => direction === "down" && String(node).startsWith("plot/")).length,
  ).toBeGreaterThan(0)
  for (const direction of ["up", "down"]) {
    const side = await asked(
      "lineage",
      spec,
      "train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,replica=0",
      ...small,
      `--${direction}`,
    )
    expect(side.map(({ node }) => node)).toEqual(
      rows.filter((row) => row["direction"] === direction).map(({ node }) => node),
    )
  }
  for (const row of rows)
    for (const { digest } of row["outputs"] as ReadonlyArray<{ readonly digest: string }>)
      expect(digest).toMatch(/^[0-9a-f]{64}$/)
}, 60_000)

it("a run that was not is answered with those that were", async () => {
  const { code, err } = await project.run("timeline", "nope")
  expect(code).toBe(2)
  expect(err).toMatch(/nope does not name exactly one run\. The last runs are: [0-9a-f]{8}, [0-9a-f]{8}\./)
}, 60_000)

/** A spec of one stage with this body. */
const text = (body: string): string => `
import { Effect, Schema } from "effect"
import { node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { Json, stage, StageError } from "../pipeline/stage.ts"
export const talk = stage(import.meta, "talk", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: async () => ({ run: () => Effect.gen(function* () { ${body} }) }),
})
export default spec({
  config: {},
  nodes: () => node(talk, {}, {}),
  checks: () => [],
  page: () => ({
    title: "Talk", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", ""]]) }),
  }),
})
`

it("logs gives what a node said, also when it failed, and when the spec does not load any more", async () => {
  project.write("specs/talk.ts", text('yield* Effect.log("all is well"); return { value: 1 }'))
  expect((await project.run("run", "specs/talk.ts")).code).toBe(0)
  expect((await project.run("logs", "specs/talk.ts", "talk")).out).toMatch(/^talk was made at .*\nINFO all is well\n$/)

  project.write(
    "specs/talk.ts",
    text(
      'yield* Effect.log("so far"); return yield* Effect.fail(new StageError({ reason: "Diverged", message: ' +
        '"the loss grew" }))',
    ),
  )
  expect((await project.run("run", "specs/talk.ts")).code).toBe(1)
  project.write("specs/talk.ts", "export default {")
  const { code, out } = await project.run("logs", "specs/talk.ts", "talk")
  expect(code).toBe(0)
  expect(out).toMatch(/^talk failed at .*: the loss grew\nINFO so far\n/)

  expect(await project.run("logs", "specs/talk.ts", "walk")).toMatchObject({
    code: 2,
    err: expect.stringContaining("No run in this store has reached walk.") as string,
  })
}, 60_000)
