// Every kind of damage to a store on disk, and what an examination says of it.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  chmodSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { temporaryFor } from "../../cache/atomic.ts"
import { digestOf } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { fsck } from "../../cache/fsck.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Journal } from "../../cache/journal.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

const text = "abc".repeat(1000)
const digest = digestOf(text)
const key = keyOf("node")
const blobIn = (directory: string) => join(directory, "blobs", digest.slice(0, 2), digest.slice(2))
const recordIn = (directory: string) => join(directory, "records", key.slice(0, 2), key.slice(2))
const journalIn = (directory: string) => join(directory, "journal", "run.jsonl")
const quiet = (): void => undefined

/** A store with one record and one run, closed. */
const filled = Effect.gen(function* () {
  const directory = yield* scratch
  yield* Effect.scoped(
    Effect.gen(function* () {
      const store = yield* Store
      yield* Effect.forEach([text, "log", "provenance"], (each) => store.put(bytesOf(each)))
      yield* store.publish(key, recordOf([text]))
      const { append } = yield* (yield* Journal).open("run")
      for (let i = 0; i < 3; i++) yield* append(`id ${i}`, "x")
    }),
  ).pipe(Effect.provide(Layer.merge(diskLayer(directory), diskJournal(join(directory, "journal")))))
  return directory
})

const flip = (path: string, at: number): void => {
  const { atime, mtime } = statSync(path)
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
  utimesSync(path, atime, mtime)
}
const truncate = (path: string, size: number): void => {
  chmodSync(path, 0o644)
  truncateSync(path, size)
}

describe("an examination", () => {
  it.effect("finds nothing wrong with a sound store, and tells what it read", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      const told: Array<number> = []
      const found = yield* fsck(directory, (done, all) => told.push(done / all))
      assert.deepStrictEqual(found, {
        faults: [],
        blobs: { count: 3, bytes: text.length + 13 },
        records: 1,
        journals: 1,
        unreferenced: { count: 0, bytes: 0 },
        leftovers: { count: 0, bytes: 0 },
        foreign: [],
      })
      assert.deepStrictEqual([told.length, told.at(-1)], [3, 1])
    }),
  )

  for (const [kind, sabotage] of Object.entries<(path: string) => void>({
    truncated: (path) => truncate(path, 100),
    emptied: (path) => truncate(path, 0),
    "bit-flipped": (path) => flip(path, 1500),
  })) {
    it.effect(`finds a ${kind} blob and puts it aside; from then on it is missing`, () =>
      Effect.gen(function* () {
        const directory = yield* filled
        sabotage(blobIn(directory))
        const { size } = statSync(blobIn(directory))
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [{ _tag: "DamagedBlob", digest, bytes: size }])
        assert.strictEqual(readdirSync(join(directory, "quarantine")).length, 1)
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [
          { _tag: "MissingBlob", digest, key, part: "output output 0" },
        ])
      }),
    )
  }

  it.effect("finds a removed blob, and none that was dropped on purpose", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      rmSync(blobIn(directory))
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [
        { _tag: "MissingBlob", digest, key, part: "output output 0" },
      ])
      yield* Effect.flatMap(Store, (store) => store.drop(digest)).pipe(Effect.provide(diskLayer(directory)))
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
    }),
  )

  for (const [kind, sabotage] of Object.entries<(path: string) => void>({
    torn: (path) => truncate(path, 50),
    emptied: (path) => truncate(path, 0),
    "bit-flipped": (path) => flip(path, 0),
    "record with a wrong size in a": (path) =>
      writeFileSync(path, readFileSync(path, "utf8").replace(`"${text.length}"`, `"7"`)),
  })) {
    it.effect(`finds a ${kind} record and puts it aside; its blobs stay`, () =>
      Effect.gen(function* () {
        const directory = yield* filled
        sabotage(recordIn(directory))
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [{ _tag: "TornRecord", key }])
        const again = yield* fsck(directory, quiet)
        assert.deepStrictEqual([again.faults, again.records, again.unreferenced.count], [[], 0, 3])
      }),
    )
  }

  for (const part of ["log", "provenance"]) {
    it.effect(`finds a lost ${part} once: no run would make it again, and its record stands without`, () =>
      Effect.gen(function* () {
        const directory = yield* filled
        const lost = digestOf(part)
        rmSync(join(directory, "blobs", lost.slice(0, 2), lost.slice(2)))
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [
          { _tag: "MissingBlob", digest: lost, key, part },
        ])
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
      }),
    )
  }

  it.effect("finds what is half-written and what no record names, and calls neither a fault", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      writeFileSync(temporaryFor(join(directory, "blobs", "incoming")), "half")
      yield* Effect.flatMap(Store, (store) => store.put(bytesOf("nobody's"))).pipe(Effect.provide(diskLayer(directory)))
      const { faults, leftovers, unreferenced } = yield* fsck(directory, quiet)
      assert.deepStrictEqual([faults, leftovers, unreferenced], [[], { count: 1, bytes: 4 }, { count: 1, bytes: 8 }])
    }),
  )

  it.effect("finds a damaged line of a journal and keeps the others", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      const before = readFileSync(journalIn(directory), "utf8").split("\n")
      flip(journalIn(directory), before[0]!.length + 1)
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [{ _tag: "DamagedJournal", run: "run", lines: 1 }])
      assert.deepStrictEqual(readFileSync(journalIn(directory), "utf8").split("\n"), [before[0], before[2], ""])
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
    }),
  )

  it.effect("does not blame a journal for the line that a kill tore", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      truncate(journalIn(directory), statSync(journalIn(directory)).size - 3)
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
    }),
  )

  for (const [kind, sabotage] of Object.entries<(path: string) => void>({
    truncated: (path) => truncate(path, 5),
    emptied: (path) => truncate(path, 0),
    removed: (path) => rmSync(path),
  })) {
    it.effect(`finds a ${kind} journal by the snapshot that had read more of it`, () =>
      Effect.gen(function* () {
        const directory = yield* filled
        const journal = join(directory, "journal")
        // Long enough for a snapshot to be written.
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { append, flush } = yield* (yield* Journal).open("run")
            yield* append("long", "x".repeat(1 << 17))
            yield* flush
            yield* (yield* Journal).latest
          }),
        ).pipe(Effect.provide(diskJournal(journal)))
        sabotage(journalIn(directory))
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [{ _tag: "ShortJournal", run: "run" }])
        assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
      }),
    )
  }

  it.effect("finds a damaged snapshot of the journals", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      writeFileSync(join(directory, "journal", "index.json"), "{}")
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [{ _tag: "DamagedIndex" }])
      assert.deepStrictEqual((yield* fsck(directory, quiet)).faults, [])
    }),
  )
})
