// Which files of a store's directory a store wrote, and that nobody else's are touched, whatever is done to the store.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { temporaryFor } from "../../cache/atomic.ts"
import { sweep, wasteOf } from "../../cache/collect.ts"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { fsck } from "../../cache/fsck.ts"
import { inventoryOf, sizeOf, totalOf } from "../../cache/inventory.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Journal } from "../../cache/journal.ts"
import { clearDead, holdersIn } from "../../cache/live.ts"
import { asideIn, journalOf, kindOf, marker, placeIn } from "../../cache/paths.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

const digest = digestOf("a")
const token = "01234567-89ab-cdef-0123-456789abcdef"
const at = (path: string): string => relative("/store", path)

describe("a file of a store is known by folder and whole name", () => {
  for (const [path, kind] of [
    [at(placeIn("/store", "blobs", digest)), "blob"],
    [at(placeIn("/store", "dropped", digest)), "mark"],
    [at(placeIn("/store", "records", digest)), "record"],
    [`journal/${journalOf("2026/11 ä")}`, "journal"],
    [at(asideIn("/store", digest)), "aside"],
    [at(asideIn("/store", `${digest}.record`)), "aside"],
    [at(asideIn("/store", journalOf("run"))), "aside"],
    [at(asideIn("/store", "index.json")), "aside"],
    [`claims/${digest}`, "lease"],
    [`claims/${digest}.after.${token}`, "lease"],
    [`claims/${digest}.after.0`, "lease"],
    [`claims/.${token}`, "lease"],
    ["memo.tsv", "bookkeeping"],
    ["fingerprints.json", "bookkeeping"],
    ["journal/index.json", "bookkeeping"],
    [marker, "bookkeeping"],
    [temporaryFor("blobs/incoming"), "temporary"],
    [temporaryFor(at(placeIn("/store", "blobs", digest))), "temporary"],
    [temporaryFor(at(placeIn("/store", "records", digest))), "temporary"],
    [temporaryFor(at(asideIn("/store", journalOf("run")))), "temporary"],
    [temporaryFor("memo.tsv"), "temporary"],
    [temporaryFor("journal/index.json"), "temporary"],
  ] as const) {
    it(`${path} is a ${kind}`, () => assert.strictEqual(kindOf(path), kind))
  }
})

/** What people, editors and version control put into folders. */
const theirs = [
  ".env",
  ".gitignore",
  ".git/config",
  ".git/objects/ab/cdef",
  "notes.md",
  "memo.tsv.bak",
  ".memo.tsv.swp",
  ".memo.tsv.7.x",
  `.notes.md.7.${token}`,
  "blobs/.gitkeep",
  "blobs/.incoming.7.x",
  `blobs/${digest}`,
  `blobs/${digest.slice(0, 2)}/${digest.slice(2)}.bak`,
  `blobs/${digest.slice(0, 2)}/.${digest.slice(2)}.swp`,
  `blobs/${digest.slice(0, 4)}/${digest.slice(4)}`,
  `blobs/${digest.slice(0, 2)}/${digest.slice(2).toUpperCase()}`,
  `data/blobs/${digest.slice(0, 2)}/${digest.slice(2)}`,
  "records/2025.csv",
  `records/${digest.slice(0, 2)}/readme`,
  "dropped/box",
  "quarantine/old",
  `quarantine/${digest}`,
  `quarantine/letter.${token}`,
  "claims/insurance.pdf",
  "claims/.hidden",
  `claims/${digest}.bak`,
  "journal/diary.jsonl",
  "journal/100%.jsonl",
  "journal/two words.jsonl",
  "journal/index.json.bak",
] as const

/** A store with one record that nothing holds, two runs, and files of others everywhere, all of them old. */
const shared = Effect.gen(function* () {
  const directory = yield* scratch
  const layer = Layer.provideMerge(diskJournal(join(directory, "journal")), diskLayer(directory))
  yield* Effect.gen(function* () {
    const store = yield* Store
    yield* Effect.forEach(["a", "log", "provenance"], (text) => store.put(bytesOf(text)))
    yield* store.publish(keyOf("node"), recordOf(["a"]))
    const { append } = yield* (yield* Journal).open("run")
    yield* append("id", 1)
  }).pipe(Effect.scoped, Effect.provide(layer))
  for (const path of theirs) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), `["mine", "${path}"]\n`)
    utimesSync(join(directory, path), 1, 1)
  }
  mkdirSync(join(directory, "journal/folder.jsonl"))
  return { directory, layer }
})

const untouched = (directory: string): void => {
  for (const path of theirs)
    assert.strictEqual(readFileSync(join(directory, path), "utf8"), `["mine", "${path}"]\n`, path)
}

describe("files of other people in a store", () => {
  it.effect("are no store's", () =>
    Effect.gen(function* () {
      const { directory } = yield* shared
      const inventory = yield* inventoryOf(directory)
      assert.deepStrictEqual(inventory.foreign.map(({ path }) => relative(directory, path)).sort(), theirs.toSorted())
      assert.deepStrictEqual(
        [inventory.leftovers, inventory.quarantine, inventory.torn.size, inventory.dropped.size],
        [[], [], 0, 0],
      )
      assert.deepStrictEqual([inventory.blobs.size, inventory.records.size, inventory.journals.length], [3, 1, 1])
      // The store has no more bytes by them.
      const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length)
      assert.strictEqual(totalOf(inventory), files.reduce((sum, bytes) => sum + bytes, 0) - sizeOf(inventory.foreign))
    }),
  )

  it.effect("outlive a collection of everything", () =>
    Effect.gen(function* () {
      const { directory, layer } = yield* shared
      const nothing = { keys: new Set<Key>(), blobs: new Set<Digest>(), spare: new Set<Digest>() }
      const removed = yield* Effect.provide(
        sweep(directory, wasteOf(yield* inventoryOf(directory), nothing, { before: Infinity, maxSize: -1 })),
        layer,
      )
      assert.deepStrictEqual(
        removed.map(({ _tag }) => _tag),
        ["Record"],
      )
      assert.strictEqual((yield* inventoryOf(directory)).blobs.size, 0)
      untouched(directory)
    }),
  )

  it.effect("outlive an examination, which names them and finds no fault in them", () =>
    Effect.gen(function* () {
      const { directory } = yield* shared
      const { faults, journals, foreign } = yield* fsck(directory, () => undefined)
      assert.deepStrictEqual([faults, journals, foreign.toSorted()], [[], 1, theirs.toSorted()])
      assert.isFalse(existsSync(join(directory, "quarantine", "diary.jsonl")))
      untouched(directory)
    }),
  )

  it.effect("are no leases, of the living or of the dead", () =>
    Effect.gen(function* () {
      const { directory } = yield* shared
      assert.deepStrictEqual(yield* holdersIn(directory), [])
      yield* clearDead(directory)
      untouched(directory)
    }),
  )

  it.effect("hinder no run: it stores, publishes, claims, and reads its journals", () =>
    Effect.gen(function* () {
      const { directory, layer } = yield* shared
      yield* Effect.gen(function* () {
        const store = yield* Store
        const journal = yield* Journal
        assert.isTrue(yield* store.claim(keyOf("other")))
        yield* Effect.forEach(["b", "log"], (text) => store.put(bytesOf(text)))
        yield* store.publish(keyOf("other"), recordOf(["b"]))
        assert.deepStrictEqual(yield* journal.runs, ["run"])
        assert.deepStrictEqual([...(yield* journal.latest)], [["id", 1]])
      }).pipe(Effect.scoped, Effect.provide(layer))
      untouched(directory)
    }),
  )
})
