// A new project, as its maker finds it: in a folder of its own, with nothing fetched and the real workers.
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { lastLine, linesOf, Project, rooms, startedIn } from "../support/project.ts"

const spec = "specs/first.ts"
let project: Project
const inStudy = (...args: ReadonlyArray<string>) => project.startIn(project.path("study"), ...args).finished
const edit = (file: string, before: string, after: string): void => project.edit(`study/${file}`, before, after)
/** What a plan says would run for sure. */
const stagesPlanned = async (): Promise<ReadonlyArray<string>> => {
  const { out } = await inStudy("plan", spec, "--json")
  return [
    ...new Set(
      linesOf(out)
        .filter(({ _tag }) => _tag === "Run")
        .map(({ node }) => node!.split("/")[0]!),
    ),
  ]
}

beforeAll(async () => {
  project = new Project({ copied: rooms })
  mkdirSync(project.path("study"))
  writeFileSync(project.path("study/notes.md"), "mine")
  const { code, out, err } = await project.run("init", "study")
  expect(code, err).toBe(0)
  expect(out).toContain("cd study && npx pipeline run specs/first.ts")
  const first = await inStudy("run", spec)
  expect(first.code, first.out + first.err).toBe(0)
  expect(first.out).toContain("✓ rate: agrees")
  expect(lastLine(first.out)).toContain("14 nodes: 0 hit, 0 joined, 14 run")
}, 60_000)
afterAll(() => project[Symbol.dispose]())

it("a new project runs, and is a hit the second time", async () => {
  expect(lastLine((await inStudy("run", spec)).out)).toContain("14 nodes: 14 hit, 0 joined, 0 run")
  expect(readFileSync(project.path("study/out/first/index.html"), "utf8")).toContain(
    "<title>Fluctuations of a random kernel</title>",
  )
})

it("an edit reruns what it reaches: of its own stages, and of what it is linked to", async () => {
  edit("stages/summarize.ts", "sum + value / values.length, 0)", "sum + value, 0) / values.length")
  expect(startedIn((await inStudy("run", spec, "--json", "--until", "summarize", "--executor", "inline")).out)).toEqual(
    ["summarize"],
  )
  edit("stages/draw.run.ts", "2 * sum", "2.5 * sum")
  expect(await stagesPlanned()).toEqual(["draw"])
  edit("stages/draw.run.ts", "2.5 * sum", "2 * sum")
  project.edit("stages/random.ts", "spare = y * scale", "spare = -y * scale")
  expect(await stagesPlanned()).toEqual(["draw"])
})

it("its types are checked as ours are", async () => {
  edit("specs/first.ts", "{ width: at.width, nets }", '{ width: "wide", nets }')
  const compiler = project.path("study/node_modules/typescript/bin/tsc")
  const { stdout } = await promisify(execFile)(process.execPath, [compiler], { cwd: project.path("study") }).catch(
    (cause: unknown) => cause as { readonly stdout: string },
  )
  expect(stdout.match(/^(?:specs|stages)\/.*error/gm)).toHaveLength(1)
  expect(stdout).toMatch(/^specs\/first\.ts.*'string' is not assignable to type 'number'/m)
})

it("nothing is written over", async () => {
  const before = readFileSync(project.path("study/specs/first.ts"), "utf8")
  const { code, err } = await inStudy("init")
  expect(code).toBe(2)
  expect(err).toMatch(
    /^Nothing was made, because existing files are not overwritten: .*specs, .*node_modules are there already/,
  )
  expect(readFileSync(project.path("study/specs/first.ts"), "utf8")).toBe(before)
  expect(readFileSync(project.path("study/notes.md"), "utf8")).toBe("mine")
})
