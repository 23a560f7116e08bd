import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, readdirSync, utimesSync } from "node:fs"
import { basename, join } from "node:path"
import { sweep, wasteOf } from "../../cache/collect.ts"
import { digestOf, type Digest } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { fsck } from "../../cache/fsck.ts"
import { inventoryOf } from "../../cache/inventory.ts"
import { clearDead } from "../../cache/live.ts"
import { Store } from "../../cache/store.ts"
import { chance, chanceSeed } from "../support/chance.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"
import { keyOf } from "./sample.ts"

/** The files below a directory that stand under a final name. */
const finished = (directory: string) => {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => ({ path: join(entry.parentPath, entry.name), name: `${basename(entry.parentPath)}${entry.name}` }))
}

const keysIn = (directory: string): ReadonlySet<string> =>
  new Set(finished(join(directory, "records")).map(({ name }) => name))

/** Kills one writer after the other, over a few stores in turn; gives the number of records they made. */
const killed = Effect.fnUntraced(function* (times: number, next: () => number) {
  let made = 0
  for (let kill = 0; kill < times;) {
    const directory = yield* scratch
    for (let round = 0; round < 5; round++, kill++) {
      const at = `kill ${kill}, CHANCE_SEED=${chanceSeed}`
      const before = keysIn(directory)
      const writer = yield* child("write", directory)
      assert.strictEqual(yield* writer.said, "begun")
      // By what was done and not by the clock alone: on a busy machine nothing would have begun yet.
      for (let some = Math.floor(4 * next()); some > 0; some--) yield* writer.said
      yield* Effect.sleep(8 * next())
      yield* writer.kill
      const told = writer.lines.slice(1).map((line) => line.split(" ") as [string, string])
      // The lease of the dead before it was no obstacle, and what was done was not done again.
      for (const [word, i] of told) assert.isTrue(word === "done" && !before.has(keyOf(i)), `${at}: ${word} ${i}`)
      const { faults, records } = yield* fsck(directory, () => undefined)
      assert.deepStrictEqual(faults, [], at)
      const after = keysIn(directory)
      for (const [, i] of told) assert.isTrue(after.has(keyOf(i)), `${at}: the record of ${i}`)
      made += records - before.size
    }
    yield* cleared(directory)
  }
  return made
})

/** Nothing half-written and no lease of the dead is left once it was cleared away. */
const cleared = Effect.fnUntraced(function* (directory: string) {
  // A lease that was never written whole counts as dead after a minute.
  for (const lease of readdirSync(join(directory, "claims"))) utimesSync(join(directory, "claims", lease), 1, 1)
  yield* clearDead(directory)
  const inventory = yield* inventoryOf(directory)
  const roots = { keys: new Set(inventory.records.keys()), blobs: new Set<Digest>(), spare: new Set<Digest>() }
  yield* sweep(directory, wasteOf(inventory, roots, { before: Infinity, maxSize: -1 })).pipe(
    Effect.provide(diskLayer(directory)),
  )
  const hidden = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    basename(path).startsWith("."),
  )
  assert.deepStrictEqual([hidden, readdirSync(join(directory, "claims"))], [[], []], `CHANCE_SEED=${chanceSeed}`)
})

describe("processes that share a store", () => {
  // Most of the two hundred kills at random moments are here, where one costs a third of a second; whole runs are
  // killed in test/cli/kills.test.ts. Each falls into the writing of one of the first four records.
  it.live(
    "killed at 150 moments leave no wrong blob, no record without its blobs, no work twice and nobody waiting",
    () =>
      Effect.gen(function* () {
        const lanes = yield* Effect.forEach(["one", "two"], (lane) => killed(75, chance(`store ${lane}`)), {
          concurrency: 2,
        })
        assert.isAbove(Math.min(...lanes), 75)
      }),
    120_000,
  )

  it.live("may put the same bytes at once", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const children = yield* Effect.forEach(Array.from({ length: 4 }), () => child("put", directory))
      assert.deepStrictEqual(yield* Effect.forEach(children, ({ ended }) => ended, { concurrency: 4 }), [0, 0, 0, 0])
      const blobs = finished(join(directory, "blobs"))
      assert.strictEqual(blobs.length, 201)
      for (const blob of blobs) assert.strictEqual(digestOf(readFileSync(blob.path)), blob.name)
      yield* Effect.gen(function* () {
        const store = yield* Store
        for (let i = 0; i < 200; i++) assert.isTrue(yield* store.has(digestOf(`shared ${i}`.repeat(1 + i))))
      }).pipe(Effect.provide(diskLayer(directory)))
    }),
  )
})
