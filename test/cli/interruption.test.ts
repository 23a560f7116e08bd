// Killed, interrupted and doubled runs of the real smoke spec: nothing finished is lost, nothing is done twice.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { linesOf, Project, startedIn } from "../support/project.ts"

const spec = "specs/smoke.ts"
const few = ["--set", "widths=8", "--set", "sqrtHAlpha=1000,100000"]
const args = ["run", spec, "--json", ...few]
let undisturbed: ReadonlyMap<string, string>
let seconds: number
const projects: Array<Project> = []
const fresh = (): Project => {
  const project = new Project()
  projects.push(project)
  return project
}

beforeAll(async () => {
  const project = fresh()
  const started = performance.now()
  const { code, err } = await project.run(...args)
  expect(code, err).toBe(0)
  seconds = (performance.now() - started) / 1000
  undisturbed = await project.results(spec, ...few)
  expect(undisturbed.size).toBe(44)
}, 120_000)
afterAll(() => {
  for (const project of projects) project[Symbol.dispose]()
})

/** The worker processes of any run of a project. */
const workersOf = (project: Project): ReadonlyArray<string> =>
  readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`\0${project.path(".pipeline")}\0`)
    } catch {
      return false // no process, or gone
    }
  })

/** The keys that have a record. */
const recorded = (project: Project): ReadonlySet<string> => {
  const records = project.path(".pipeline/records")
  if (!existsSync(records)) return new Set()
  return new Set(
    readdirSync(records).flatMap((prefix) => readdirSync(`${records}/${prefix}`).map((rest) => prefix + rest)),
  )
}

it("kills leave what an undisturbed run leaves, no worker, and no finished node to run again", async () => {
  const project = fresh()
  let random = 7
  // the moments of a failure can be had again
  const next = (): number => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let kill = 0; kill < 2; kill++) {
    const before = recorded(project)
    const run = project.start(...args)
    await setTimeout(1000 * next() * Math.min(seconds, 5))
    run.signal("SIGKILL")
    const { out } = await run.finished
    const again = linesOf(out).filter(({ _tag, key }) => _tag === "NodeStarted" && before.has(key!))
    expect(again, `kill ${kill}`).toEqual([])
  }
  // They are groups of their own, which no kill of ours reached.
  // One that Node was just starting first has to hear that it is alone: other tests may hold both cores for a while.
  await expect.poll(() => workersOf(project), { timeout: 10_000 }).toEqual([])
  const before = recorded(project)
  const { code, out, err } = await project.run(...args)
  expect(code, err).toBe(0)
  expect(linesOf(out).filter(({ _tag, key }) => _tag === "NodeStarted" && before.has(key!))).toEqual([])
  expect(await project.results(spec, ...few)).toEqual(undisturbed)
}, 180_000)

it("two runs at once share the work and end with the same results", async () => {
  const project = fresh()
  const ends = await Promise.all([project.run(...args), project.run(...args)])
  for (const { code, err } of ends) expect(code, err).toBe(0)
  const started = ends.flatMap(({ out }) => startedIn(out))
  expect(new Set(started).size).toBe(started.length)
  expect(await project.results(spec, ...few)).toEqual(undisturbed)
}, 120_000)

it("one Ctrl-C lets what runs finish, starts nothing new and exits with 130", async () => {
  const project = fresh()
  const run = project.start(...args)
  // everything that takes a training has still to start
  await run.until(({ _tag, node }) => _tag === "NodeStarted" && node!.startsWith("train/"))
  run.signal("SIGINT")
  const { code, out } = await run.finished
  expect(code).toBe(130)
  const told = linesOf(out)
  const drained = told.findIndex(({ _tag }) => _tag === "Draining")
  expect(drained).toBeGreaterThan(0)
  expect(told.slice(drained).filter(({ _tag }) => _tag === "NodeStarted")).toEqual([])
  const finished = new Set(told.filter(({ _tag }) => _tag === "NodeDone").map(({ node }) => node))
  expect(startedIn(out).filter((node) => !finished.has(node))).toEqual([])
}, 60_000)

it("a second Ctrl-C ends at once", async () => {
  const project = fresh()
  const run = project.start("run", spec, "--json", "--set", "n=400", "--set", "widths=200", "--set", "nTest=200")
  await run.until((told) => told._tag === "NodeStarted" && told.node!.startsWith("train/"))
  run.signal("SIGINT")
  await run.until((told) => told._tag === "Draining")
  const asked = performance.now()
  run.signal("SIGINT")
  const { code, out } = await run.finished
  expect(code).toBe(130)
  expect(performance.now() - asked).toBeLessThan(3000)
  expect(linesOf(out).filter(({ _tag, node }) => _tag === "NodeDone" && node!.startsWith("train/"))).toEqual([])
}, 60_000)
