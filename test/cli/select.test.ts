// A part of a spec from the command line: whole processes, a real store, a spec of three stages.
import { existsSync, readdirSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { lastLine, linesOf, Project, startedIn } from "../support/project.ts"

const text = `
import { table as from } from "arquero"
import { Effect, Schema } from "effect"
import { atMost, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, StageError, Table } from "../pipeline/stage.ts"

export const start = stage(import.meta, "start", {
  params: Schema.Struct({ value: Schema.Int }), inputs: {}, outputs: { value: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ value: { x: [params.value] } }) }),
})
export const double = stage(import.meta, "double", {
  params: Schema.Struct({ fail: Schema.Boolean }), inputs: { of: Table }, outputs: { value: Table },
  run: async () => ({ run: ({ params, inputs }) =>
    params.fail
      ? Effect.fail(new StageError({ reason: "Diverged", message: "it tripped" }))
      : Effect.succeed({ value: { x: [2 * Number(inputs.of["x"]![0])] } }) }),
})
// Another value every time, as a GPU's sums are: by chance that a package has inside.
const numbers = from({ i: Array.from({ length: 1000 }, (_, i) => i) })
const drawn = () => Number(numbers.sample(1).array("i")[0])
export const clock = stage(import.meta, "clock", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Table },
  run: async () => ({ run: () => Effect.succeed({ value: { x: [1000 * drawn() + drawn()] } }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({}), inputs: { parts: many(Table) }, outputs: { sum: Table },
  run: async () => ({ run: ({ inputs: { parts } }) =>
    Effect.succeed({ sum: { x: [parts.reduce((sum, part) => sum + Number(part["x"]![0]), 0)] } }) }),
})
export default spec({
  config: { last: setting(Schema.Int, 3, "the last value"), bad: setting(Schema.Int, -1, "the double that fails") },
  nodes: ({ last, bad }) => {
    const starts = [1, 2, last].map((value, id) => node(start, { value }, {}, { id }))
    const doubles = starts.map((each, id) => node(double, { fail: id === bad }, { of: each.out.value }, { id }))
    const parts = doubles.map((each) => each.out.value)
    return { doubles, noise: node(clock, {}, {}), total: node(total, {}, { parts }) }
  },
  checks: ({ total }) => [
    check({
      id: "small", claim: "It is small.", source: "arithmetic",
      value: cell(total.out.sum, {}, "x"), expect: atMost(100),
    }),
  ],
  page: () => ({ title: "Parts", lead: [], figures: [], render: () => import("../report/page.ts") }),
})
`
const spec = "specs/parts.ts"
let project: Project
beforeAll(() => {
  project = new Project()
  project.write(spec, text)
})
afterAll(() => project[Symbol.dispose]())

it("a part of a spec runs, forced, refused and whole", async () => {
  // A name mistyped costs nothing and is answered with those that resemble it.
  const typo = await project.run("run", spec, "--until", "duoble")
  expect([typo.code, typo.err]).toEqual([
    2,
    expect.stringContaining("No node and no stage matches duoble. Similar names are: double"),
  ])

  // Inputs that are not there: nothing runs, and plan says the same of each node.
  const missing = await project.run("run", spec, "--only", "double")
  expect(missing.code).toBe(2)
  expect(missing.err).toContain(
    "Nothing was run: start/id=0, start/id=1, start/id=2 are needed and left out, and the results are not in " +
      "the store. Make them first with --until start/id=0",
  )
  const planned = await project.run("plan", spec, "--only", "double", "--check")
  expect(planned.out).toContain("double/id=0  cannot run: needs start/id=0, which is left out and not in the store")
  expect(planned.code).toBe(3)

  // Until, twice: the nodes and what they need; no page, and the check is not judged and fails nothing.
  const part = await project.run("run", spec, "--until", "double/id=0", "--until", "*id=1", "--jobs", "2")
  expect(part.code, part.out + part.err).toBe(0)
  expect(lastLine(part.out)).toMatch(
    /^8 nodes: 0 hit, 0 joined, 4 run, 0 failed, 0 skipped, 4 left out · 1 check: 0 passed, 0 failed, 1 not judged · /,
  )
  expect(part.out).not.toContain("small:")
  expect(part.out).not.toContain("page ") // it asks for no figure and no claim
  expect(existsSync(project.path("out"))).toBe(false)

  // The plan counts by reason, and expects time from the same stages.
  const ahead = await project.run("plan", spec, "--except", "clock", "--jobs", "2")
  const [counted, expected] = lastLine(ahead.out).split(" · ")
  expect(counted).toBe("1 node would run: 1 first run; 2 more may run after them; 4 hits; 1 left out")
  expect(expected).toMatch(/^about 0\.\d s with 2 jobs if all of them run, between 0\.\d s and \d\.\d s: /)
  expect(expected).toMatch(/: \d by earlier runs of their stage, 1 of stages that were never timed, not counted$/)
  const json = await project.run("plan", spec, "--except", "clock", "--json")
  expect(linesOf(json.out).at(-1)).toMatchObject({ v: 1, _tag: "Summary", hit: 4, leftOut: 1, untimed: 1 })

  // A whole run does the rest and draws the page.
  const whole = await project.run("run", spec, "--json")
  expect(startedIn(whole.out).toSorted()).toEqual(["clock", "double/id=2", "start/id=2", "total"])
  expect(readdirSync(project.path("out"))).toEqual(["parts"])

  // Only: its inputs are there now, so it runs by itself.
  const only = await project.run("run", spec, "--json", "--set", "last=4", "--only", "start")
  expect(startedIn(only.out)).toEqual(["start/id=2"])

  // Only what failed, and what needs it; and nothing once that is mended.
  expect((await project.run("run", spec, "--set", "last=5", "--set", "bad=2")).code).toBe(1)
  const retried = await project.run("run", spec, "--json", "--set", "last=5", "--retry-failed")
  expect([retried.code, startedIn(retried.out)], retried.err).toEqual([0, ["double/id=2", "total"]])
  expect(linesOf(retried.out).at(-1)).toMatchObject({ _tag: "RunDone", leftOut: 1, counts: { hit: 5, run: 2 } })
  const again = await project.run("run", spec, "--set", "last=5", "--retry-failed")
  expect([again.code, again.err.trim()]).toEqual([2, "No failed node of this spec is left to run again."])

  // From, and except: what needs a node, and all but what does.
  const changed = await project.run("run", spec, "--set", "last=7", "--from", "double/id=2", "--json")
  expect(startedIn(changed.out).toSorted(), changed.err).toEqual(["double/id=2", "start/id=2", "total"])
  const most = await project.run("run", spec, "--set", "last=9", "--except", "total", "--json")
  expect(startedIn(most.out).toSorted(), most.err).toEqual(["double/id=2", "start/id=2"])

  // Forced: other bytes are told, and the first result stays.
  const before = await project.results(spec)
  const forced = await project.run("run", spec, "--force", "clock", "--force", "double/id=1")
  expect(forced.code).toBe(0)
  expect(forced.out).toContain("start   clock (forced)")
  expect(forced.out).toContain(
    "differs clock: value came out with other bytes than the first time. The first result stays.",
  )
  expect(forced.out).not.toContain("differs double")
  expect(lastLine(forced.out)).toContain("8 nodes: 6 hit, 0 joined, 2 run")
  expect(await project.results(spec)).toEqual(before)
}, 240_000)
