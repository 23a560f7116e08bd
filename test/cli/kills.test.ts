// Whole runs, killed with their process group at random moments of their writing, over and over until their store is
// full. Fifty kills are here, since each costs the start of a run: forty of runs in one process, and ten of runs in a
// pool, whose workers outlive them for a moment. A hundred and fifty more, of processes that only write to a store,
// are in test/cache/crash.test.ts.
import { cpSync, existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs"
import { basename, join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { Effect } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { fsck } from "../../cache/fsck.ts"
import { marker } from "../../cache/paths.ts"
import { chance, chanceSeed } from "../support/chance.ts"
import { layered } from "../support/layered.ts"
import { linesOf, Project, recordsIn } from "../support/project.ts"

const spec = "specs/layered.ts"
const nodes = 36
let project: Project
let undisturbed: ReadonlyMap<string, string>
/** Milliseconds from the first event of an undisturbed run to its end. */
let span: number

beforeAll(async () => {
  project = new Project()
  project.write(spec, layered)
  const run = project.start("run", spec, "--json", "--executor", "inline", "--store", "whole")
  await run.until(({ _tag }) => _tag === "RunStarted")
  const began = performance.now()
  const { code, err } = await run.finished
  span = performance.now() - began
  expect(code, err).toBe(0)
  undisturbed = await recordsIn(project.path("whole"))
  expect(undisturbed.size).toBe(nodes)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

/** Fills stores by runs of which so many are killed, and looks at the store after each. */
const killed = async (executor: "inline" | "pool", times: number, lane: string): Promise<string> => {
  const next = chance(`run ${lane}`)
  for (let kill = 0, filled = 0; ; filled++) {
    const store = `${lane}-${filled}`
    mkdirSync(project.path(store))
    for (const file of [marker, "fingerprints.json"])
      cpSync(project.path(`whole/${file}`), project.path(`${store}/${file}`)) // spares the bundling
    for (let code: number | null = null; code === null;) {
      const at = `kill ${kill} of ${lane}, CHANCE_SEED=${chanceSeed}`
      const before = await recordsIn(project.path(store))
      const run = project.start("run", spec, "--json", "--executor", executor, "--store", store, "--out", `${lane}-out`)
      await Promise.race([run.until(({ _tag }) => _tag === "RunStarted"), run.finished])
      if (kill < times) {
        await setTimeout(next() * span * (1 - before.size / nodes))
        run.signal("SIGKILL")
      }
      const end = await run.finished
      code = end.code
      if (code === null) kill++
      else expect(code, at + end.err).toBe(0)

      const after = await recordsIn(project.path(store))
      expect((await Effect.runPromise(fsck(project.path(store), () => undefined))).faults, at).toEqual([])
      for (const { _tag, key, outcome } of linesOf(end.out)) {
        if (_tag === "NodeStarted") expect(before.has(key!), `${at}: ${key} was done before`).toBe(false)
        if (_tag === "NodeDone" && outcome === "run") expect(after.has(key!), `${at}: ${key} is done`).toBe(true)
        expect(_tag, `${at}: nobody is alive to be waited for`).not.toBe("NodeWaiting")
      }
    }
    expect(await recordsIn(project.path(store)), `CHANCE_SEED=${chanceSeed}`).toEqual(undisturbed)
    if (kill >= times) return store
  }
}

it(
  "fifty kills leave no wrong byte, no record without bytes, no work twice, nobody waiting, and in the end the " +
    "same results",
  async () => {
    const stores = await Promise.all([
      killed("inline", 20, "one"),
      killed("inline", 20, "two").then(async (store) => [store, await killed("pool", 10, "pool")]),
    ])
    for (const store of stores.flat()) {
      // A lease that was never written whole counts as dead after a minute.
      const claims = project.path(join(store, "claims"))
      for (const lease of readdirSync(claims)) utimesSync(join(claims, lease), 1, 1)
      for (const care of ["fsck", "gc"]) expect((await project.run(care, "--store", store)).code).toBe(0)
      const left = readdirSync(project.path(store), { recursive: true, encoding: "utf8" }).filter((path) =>
        basename(path).startsWith("."),
      )
      expect(
        [left, readdirSync(claims), existsSync(project.path(join(store, "quarantine")))],
        `CHANCE_SEED=${chanceSeed}`,
      ).toEqual([[], [], false])
      expect(await recordsIn(project.path(store))).toEqual(undisturbed)
    }
  },
  240_000,
)
