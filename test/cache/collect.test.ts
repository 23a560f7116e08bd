// What may go of a store on disk, in what order, and what goes with it.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFor } from "../../cache/atomic.ts"
import { sweep, wasteOf, type Bounds, type Roots, type Waste } from "../../cache/collect.ts"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { inventoryOf, totalOf } from "../../cache/inventory.ts"
import { clearDead, holdersIn } from "../../cache/live.ts"
import { asideIn } from "../../cache/paths.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

const roots = (rest: Partial<Roots> = {}): Roots => ({
  keys: new Set<Key>(),
  blobs: new Set<Digest>(),
  spare: new Set<Digest>(),
  ...rest,
})
const all: Bounds = { before: Infinity, maxSize: 0 }

const of = (text: string) => ({ digest: digestOf(text), size: text.length })

/** Publishes records of these texts, each a second after the one before, with a log and a provenance of its own. */
const publish = Effect.fnUntraced(function* (records: { readonly [name: string]: ReadonlyArray<string> }) {
  const store = yield* Store
  for (const [i, [name, texts]] of Object.entries(records).entries()) {
    yield* Effect.forEach([...texts, `log ${name}`, `provenance ${name}`], (text) => store.put(bytesOf(text)))
    yield* store.publish(keyOf(name), {
      ...recordOf(texts),
      finished: 1000 * (i + 1),
      log: of(`log ${name}`),
      provenance: of(`provenance ${name}`),
    })
  }
})

const collect = Effect.fnUntraced(function* (directory: string, held: Roots, bounds: Bounds = all) {
  return yield* sweep(directory, wasteOf(yield* inventoryOf(directory), held, bounds))
})

/** A store in a new directory, for one test. */
const inStore = <A, E>(use: (directory: string) => Effect.Effect<A, E, Store>) =>
  Effect.flatMap(scratch, (directory) => Effect.provide(use(directory), diskLayer(directory)))

const there = (name: string) =>
  Effect.gen(function* () {
    const store = yield* Store
    return (yield* store.record(keyOf(name)))._tag === "Some"
  })
const tags = (waste: ReadonlyArray<Waste>): ReadonlyArray<string> => waste.map((each) => each._tag)

describe("a collection", () => {
  it.effect("keeps exactly what the roots hold: records, their blobs, and blobs named for themselves", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        const store = yield* Store
        yield* publish({ kept: ["a", "shared"], old: ["b", "shared"], older: ["c"] })
        yield* Effect.forEach(["data", "nobody's"], (text) => store.put(bytesOf(text)))
        yield* collect(directory, roots({ keys: new Set([keyOf("kept")]), blobs: new Set([digestOf("data")]) }))
        const { blobs, records } = yield* inventoryOf(directory)
        assert.deepStrictEqual([...records.keys()], [keyOf("kept")])
        assert.deepStrictEqual(
          new Set(blobs.keys()),
          new Set(["a", "shared", "log kept", "provenance kept", "data"].map((text) => digestOf(text))),
        )
        for (const digest of blobs.keys()) assert.isTrue(yield* store.has(digest))
      }),
    ),
  )

  it.effect("takes the oldest records first, and ends when the store is small enough", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        yield* publish({ first: ["x".repeat(5000)], second: ["y".repeat(5000)], third: ["z".repeat(5000)] })
        const size = totalOf(yield* inventoryOf(directory))
        const removed = yield* collect(directory, roots(), { before: Infinity, maxSize: size - 6000 })
        assert.deepStrictEqual(
          [yield* there("first"), yield* there("second"), yield* there("third")],
          [false, false, true],
        )
        const left = totalOf(yield* inventoryOf(directory))
        assert.isAtMost(left, size - 6000)
        assert.strictEqual(
          size - left,
          removed.reduce((sum, { bytes }) => sum + bytes, 0),
        )
        assert.deepStrictEqual(tags(yield* collect(directory, roots(), { before: Infinity, maxSize: left })), [])
      }),
    ),
  )

  it.effect("takes only what is old enough", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        yield* publish({ first: ["a"], second: ["b"] })
        assert.deepStrictEqual(tags(yield* collect(directory, roots(), { before: 1500, maxSize: 0 })), ["Record"])
        assert.deepStrictEqual([yield* there("first"), yield* there("second")], [false, true])
      }),
    ),
  )

  it.effect("takes what was put aside and what a killed writer left", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        yield* publish({ kept: ["a"] })
        mkdirSync(join(directory, "quarantine"))
        const paths = [asideIn(directory, digestOf("old")), temporaryFor(join(directory, "blobs/incoming"))]
        for (const path of paths) {
          writeFileSync(path, "half")
          utimesSync(path, 1, 1)
        }
        assert.deepStrictEqual(tags(yield* collect(directory, roots({ keys: new Set([keyOf("kept")]) }))), [
          "Debris",
          "Debris",
        ])
        for (const path of paths) assert.isFalse(existsSync(path))
      }),
    ),
  )

  it.effect("drops spare blobs of what stays with a mark, and takes the mark once the blob is there again", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        const store = yield* Store
        yield* publish({ kept: ["inner", "shown"] })
        const held = roots({ keys: new Set([keyOf("kept")]), spare: new Set([digestOf("inner")]) })
        assert.deepStrictEqual(tags(yield* collect(directory, held)), ["Spare"])
        assert.deepStrictEqual(
          [yield* there("kept"), yield* store.has(digestOf("inner")), yield* store.dropped(digestOf("inner"))],
          [true, false, true],
        )
        const digest = digestOf("inner")
        const mark = join(directory, "dropped", digest.slice(0, 2), digest.slice(2))
        assert.isTrue(existsSync(mark))
        yield* store.put(bytesOf("inner"))
        assert.isFalse(existsSync(mark))
        // As a crash between the two leaves it.
        writeFileSync(mark, "")
        assert.deepStrictEqual(tags(yield* collect(directory, { ...held, spare: new Set() })), ["Debris"])
        assert.isFalse(existsSync(mark))
      }),
    ),
  )

  it.effect("removes a record before its blobs", () =>
    inStore(
      Effect.fnUntraced(function* (directory) {
        yield* publish({ old: ["a"] })
        const [waste] = wasteOf(yield* inventoryOf(directory), roots(), all)
        assert.isTrue(waste!.files[0]!.path.startsWith(join(directory, "records")))
        assert.strictEqual(waste!.files.length, 4)
      }),
    ),
  )
})

describe("a store at which somebody works", () => {
  it.live("is known by the lease of a living process, and is not collected", () =>
    inStore((directory) =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* publish({ old: ["a"] })
          const claimant = yield* child("claim", directory)
          assert.strictEqual(yield* claimant.said, "true")
          assert.deepStrictEqual(
            (yield* holdersIn(directory)).map(({ pid }) => pid),
            [claimant.pid],
          )
          assert.deepStrictEqual(yield* collect(directory, roots()), [])
          assert.isTrue(yield* there("old"))
          yield* claimant.kill
          assert.deepStrictEqual(yield* holdersIn(directory), [])
          assert.deepStrictEqual(tags(yield* collect(directory, roots())), ["Record"])
        }),
      ),
    ),
  )

  it.live("loses the leases of the dead", () =>
    inStore((directory) =>
      Effect.scoped(
        Effect.gen(function* () {
          const claimant = yield* child("claim", directory)
          yield* claimant.said
          yield* clearDead(directory)
          assert.strictEqual(readdirSync(join(directory, "claims")).length, 1)
          yield* claimant.kill
          yield* clearDead(directory)
          assert.deepStrictEqual(readdirSync(join(directory, "claims")), [])
        }),
      ),
    ),
  )
})
