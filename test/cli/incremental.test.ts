// What reruns after a tweak of the real smoke spec, and what does not: whole processes, a real store, real MNIST.
import { existsSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { lastLine, Project, startedIn } from "../support/project.ts"

const spec = "specs/smoke.ts"
let project: Project
beforeAll(async () => {
  project = new Project({ copied: ["stages"] })
  const { code, out, err } = await project.run("run", spec)
  expect(err).toBe("")
  expect(code, out).toBe(0)
}, 120_000)
afterAll(() => project[Symbol.dispose]())

const startedAfter = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { code, out, err } = await project.run("run", spec, "--json", ...args)
  expect(code, err + out).toBe(0)
  return startedIn(out)
}
const stagesOf = (nodes: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(nodes.map((node) => node.split("/")[0]!))].sort()

it("the first run draws the page, its figures and its tables", () => {
  expect(readFileSync(project.path("out/smoke/index.html"), "utf8")).toContain("<title>")
  for (const file of ["figures/3a.svg", "figures/3a.png", "figures/3a.vl.json", "tables/gather-of-observables-2.csv"])
    expect(existsSync(project.path(`out/smoke/${file}`)), file).toBe(true)
})

it("a second run computes nothing and says so on its last line", async () => {
  const { code, out } = await project.run("run", spec)
  expect(code).toBe(0)
  expect(out).toContain("out/smoke/index.html (unchanged)")
  expect(lastLine(out)).toMatch(
    /^69 nodes: 69 hit, 0 joined, 0 run, 0 failed, 0 skipped · 4 checks: 4 passed, 0 failed · \d+\.\d s$/,
  )
})

it("a comment, a type, an unused export and an unused stage rerun nothing", async () => {
  project.edit("stages/observables/measure.run.ts", "const root = ", "// a remark\n  const root = ")
  project.edit(
    "stages/observables/measure.run.ts",
    "type Numbers = ",
    "interface Spare { readonly x: number }\nexport type Spares = ReadonlyArray<Spare>\ntype Numbers = ",
  )
  project.edit(
    "stages/statistics/error.ts",
    "export const testError",
    "export const unused = 3\nexport const testError",
  )
  project.write(
    "stages/observables/other.ts",
    'import { Schema } from "effect"\nimport { stage } from "../../pipeline/stage.ts"\nexport const other = ' +
      'stage(import.meta, "other", { params: Schema.Struct({}), inputs: {}, outputs: {}, run: () => ' +
      'import("../statistics/ensemble.run.ts") as never })\n',
  )
  expect(await startedAfter()).toEqual([])
})

it("a constant that measure reaches reruns measure and what lies behind it, as plan and why foretell", async () => {
  project.edit("stages/observables/measure.run.ts", "weightChange: [(root *", "weightChange: [(2 * root *")
  const planned = await project.plan(spec)
  expect(stagesOf(planned.filter((row) => row._tag === "Run").map((row) => row.node))).toEqual(["measure"])
  expect(stagesOf(planned.filter((row) => row._tag === "Maybe").map((row) => row.node))).toEqual([
    "ensemble",
    "gather",
    "jackknife",
    "leastGain",
    "plot",
    "rescale",
    "summarize",
  ])
  const why = await project.run("why", spec, "measure/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,replica=0")
  expect(why.out).toMatch(/run: code\n {2}code\n {4}before [0-9a-f]{64}\n {4}after {2}[0-9a-f]{64}/)
  const started = await startedAfter()
  expect(started.filter((node) => node.startsWith("measure/"))).toHaveLength(12)
  // The outputs of the nets did not change, so the wave stops before their ensembles.
  expect(stagesOf(started)).toEqual(["gather", "measure", "plot", "rescale", "summarize"])
})

it("one width more runs its nodes and those that gather over widths, as plan foretells", async () => {
  const set = ["--set", "widths=8,16,24"]
  const planned = await project.plan(spec, ...set)
  const run = planned.filter((row) => row._tag === "Run").map((row) => row.node)
  const started = await startedAfter(...set)
  expect(run.every((node) => node.includes("h=24"))).toBe(true)
  for (const node of started)
    expect(/h=24|^(gather|jackknife|leastGain|rescale|summarize|plot)/.test(node), node).toBe(true)
  expect(stagesOf(started.filter((node) => node.includes("h=24")))).toEqual([
    "ensemble",
    "init",
    "linearize",
    "measure",
    "train",
  ])
  expect(new Set(started).size).toBe(started.length)
})

it("going back to an earlier state is a hit", async () => {
  project.edit("stages/observables/measure.run.ts", "weightChange: [(2 * root *", "weightChange: [(root *")
  expect(await startedAfter()).toEqual([])
})

it("plan --check exits with 3 while there is work to do, and with 0 when there is none", async () => {
  expect((await project.run("plan", spec, "--check")).code).toBe(0)
  expect((await project.run("plan", spec, "--check", "--set", "n=41")).code).toBe(3)
})
