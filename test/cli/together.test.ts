// Many runs at once on one store: nothing is computed twice, nothing clashes, and one that is killed blocks nobody.
import { globSync, readFileSync, rmSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { layered } from "../support/layered.ts"
import { linesOf, Project, recordsIn, startedIn } from "../support/project.ts"
import { waiting } from "../support/waiting.ts"

const spec = "specs/layered.ts"
let project: Project
beforeAll(() => {
  project = new Project()
  project.write(spec, layered)
})
afterAll(() => project[Symbol.dispose]())

const tenRuns =
  "ten runs do every node once between them, and an eleventh that is killed in the middle blocks none of them"
it(
  tenRuns,
  async () => {
    const runs = Array.from({ length: 11 }, (_, i) =>
      project.start(
        "run",
        spec,
        "--json",
        "--executor",
        "inline",
        "--jobs",
        "2",
        "--out",
        `out${i}`,
        "--set",
        "width=4",
        "--set",
        "depth=5",
        "--set",
        "wait=150",
      ),
    )
    // The first to get anything done has begun the next already.
    const victim = await Promise.race(
      runs.map(async (run) => {
        await run.until(({ _tag, outcome }) => _tag === "NodeDone" && outcome === "run")
        return run
      }),
    )
    victim.signal("SIGKILL")
    const killed = await victim.finished
    const ends = await Promise.all(runs.flatMap((run) => (run === victim ? [] : [run.finished])))
    for (const { code, out, err } of ends) expect(code, out + err).toBe(0)

    const kept = linesOf(killed.out).flatMap(({ _tag, node, outcome }) =>
      _tag === "NodeDone" && outcome === "run" ? [node!] : [],
    )
    const done = [...kept, ...ends.flatMap(({ out }) => startedIn(out))].sort()
    expect(done).toEqual([...new Set(done)])
    const records = await recordsIn(project.path(".pipeline"))
    expect(records.size).toBe(20)
    // Each of them ends with all of it, whoever made what.
    for (const { out } of ends)
      expect(new Set(linesOf(out).flatMap(({ _tag, key }) => (_tag === "NodeDone" ? [key!] : [])))).toEqual(
        new Set(records.keys()),
      )
  },
  120_000,
)

it("the code of a node that is bundled while another node runs in this process is no doing of that node", async () => {
  project.write(
    "specs/two.ts",
    `
import { Effect, Schema } from "effect"
import { node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { Json, stage } from "../pipeline/stage.ts"
${waiting}
const words = { params: Schema.Struct({}), inputs: {}, outputs: { value: Json } }
export const slow = stage(import.meta, "slow", {
  ...words,
  run: async () => ({ run: () => Effect.as(Effect.promise(() => wait(1500)), { value: 1 }) }),
})
export const quick = stage(import.meta, "quick", {
  ...words,
  run: async () => ({ run: () => Effect.succeed({ value: 2 }) }),
})
export default spec({
  config: {},
  nodes: () => ({ slow: node(slow, {}, {}), quick: node(quick, {}, {}) }),
  checks: () => [],
  page: () => ({ title: "Two", lead: [], figures: [], render: () => import("../report/page.ts") }),
})
`,
  )
  const words = ["run", "specs/two.ts", "--executor", "inline", "--jobs", "2", "--store", "two"]
  await project.said(0, ...words)
  // The memo knows the digests of both codes, so that nothing is bundled before the text of `quick` is needed.
  rmSync(project.path("two/records"), { recursive: true })
  const blobs = globSync("two/blobs/*/*", { cwd: project.directory }).map((file) => project.path(file))
  const ofQuick = blobs.filter((file) => readFileSync(file, "utf8").includes("quick"))
  expect(ofQuick.length).toBeGreaterThan(0)
  for (const file of ofQuick) rmSync(file)
  await project.said(0, ...words)
}, 30_000)
