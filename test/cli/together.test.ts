// Many runs at once on one store: nothing is computed twice, nothing clashes, and one that is killed blocks nobody.
import { afterAll, beforeAll, expect, it } from "vitest"
import { layered } from "../support/layered.ts"
import { linesOf, Project, recordsIn, startedIn } from "../support/project.ts"

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
    for (const { code, err } of ends) expect(code, err).toBe(0)

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
