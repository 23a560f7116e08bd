// When a file counts as changed: real files, looked at as `watch` does.
import { renameSync, rmSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { Effect, Exit } from "effect"
import { expect, it } from "vitest"
import { Watched } from "../../../../pipeline/commands/watch/changes.ts"
import { directoryOf, write } from "../../../support/directory.ts"

const watching = (...names: ReadonlyArray<string>) => {
  const directory = directoryOf({ "a.ts": "1", "b.ts": "1" })
  const watched = new Watched()
  watched.follow(new Set(names.map((name) => join(directory, name))))
  return {
    directory,
    watched,
    differing: () => [...watched.differing().keys()].map((path) => path.slice(directory.length + 1)),
  }
}

it("a file counts when it is another, gone, or there at last; not when it was only read", () => {
  const { directory, differing } = watching("a.ts", "b.ts", "later/c.ts")
  expect(differing()).toEqual([])
  statSync(join(directory, "a.ts"))
  expect(differing()).toEqual([])
  write(directory, { "beside.ts": "2", "later/c.ts": "1" })
  renameSync(join(directory, "beside.ts"), join(directory, "a.ts"))
  rmSync(join(directory, "b.ts"))
  expect(differing()).toEqual(["a.ts", "b.ts", "later/c.ts"])
})

it("a file of the same size whose time was set back counts", async () => {
  const { directory, differing } = watching("a.ts")
  const { atime, mtime } = statSync(join(directory, "a.ts"))
  await setTimeout(20) // the clock of a file system is coarse
  write(directory, { "a.ts": "2" })
  utimesSync(join(directory, "a.ts"), atime, mtime)
  expect(differing()).toEqual(["a.ts"])
})

it("what was taken note of counts no longer, and what came since does", () => {
  const { directory, watched, differing } = watching("a.ts", "b.ts")
  write(directory, { "a.ts": "22", "b.ts": "22" })
  const change = watched.differing()
  write(directory, { "b.ts": "333" })
  watched.take(change)
  expect(differing()).toEqual(["b.ts"])
})

it("a file that stays among the followed keeps its change, one that leaves is forgotten", () => {
  const { directory, watched, differing } = watching("a.ts", "b.ts")
  write(directory, { "a.ts": "22", "b.ts": "22" })
  watched.follow(new Set([join(directory, "b.ts"), join(directory, "c.ts")]))
  expect(differing()).toEqual(["b.ts"])
})

it("a change is told once things are at rest, and nothing while there is none", async () => {
  const { directory, watched } = watching("a.ts")
  const quiet = await Effect.runPromise(Effect.exit(Effect.timeout(watched.change, "250 millis")))
  expect(Exit.isFailure(quiet)).toBe(true)
  const told = Effect.runPromise(watched.change)
  rmSync(join(directory, "a.ts"))
  await setTimeout(50)
  write(directory, { "a.ts": "new" })
  const change = await told
  expect([...change.values()].every((state) => state !== "")).toBe(true) // it was there again
})
