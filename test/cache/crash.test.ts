import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { basename, join } from "node:path"
import { digestOf, type Key } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"

/** The files below a directory that stand under a final name. */
const finished = (directory: string) => {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => ({ path: join(entry.parentPath, entry.name), name: `${basename(entry.parentPath)}${entry.name}` }))
}

describe("processes that share a store", () => {
  it.live("killed at any moment leave no wrong blob and no record without its blobs", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      let records = 0
      for (let round = 0; round < 15; round++) {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const writer = yield* child("write", directory)
            assert.strictEqual(yield* writer.said, "begun")
            yield* Effect.sleep(5 + Math.random() * 120)
            yield* writer.kill
          }),
        )
        for (const blob of finished(join(directory, "blobs"))) {
          assert.strictEqual(digestOf(readFileSync(blob.path)), blob.name)
        }
        // Without the memo, so that every blob of every record is read again.
        rmSync(join(directory, "memo.jsonl"), { force: true })
        yield* Effect.gen(function* () {
          const store = yield* Store
          for (const { name } of finished(join(directory, "records"))) {
            const record = yield* store.record(name as Key)
            assert.isTrue(Option.isSome(record))
            for (const { digest } of Option.getOrThrow(record).outputs) assert.isTrue(yield* store.has(digest))
            records += 1
          }
        }).pipe(Effect.provide(diskLayer(directory)))
        rmSync(join(directory, "records"), { recursive: true, force: true })
        rmSync(join(directory, "blobs"), { recursive: true, force: true })
      }
      assert.isAbove(records, 15)
    }),
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
