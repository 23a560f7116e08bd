// What does every store promise? One suite, run over each layer; a new store is done when it is green. A store
// under test comes with a saboteur, who does to it what disks and people do.
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Option, type Layer, type Scope } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { Store, type CacheError } from "../../cache/store.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

/** Works behind a store's back. */
export class Saboteur extends Context.Service<
  Saboteur,
  {
    readonly damage: (digest: Digest) => Effect.Effect<void>
    readonly drop: (digest: Digest) => Effect.Effect<void>
    readonly scribble: (key: Key, bytes: Uint8Array) => Effect.Effect<void>
  }
>()("test/cache/Saboteur") {}

/** A directory of a test, gone when its scope closes. */
export const scratch = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "cache-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true })),
)

/** The suite over a layer that is new and empty at every build. */
export const suite = (name: string, layer: Layer.Layer<Store | Saboteur, CacheError>): void => {
  const key = keyOf("node")
  const test = (sentence: string, body: () => Effect.fn.Return<void, unknown, Store | Saboteur | Scope.Scope>) =>
    it.effect(sentence, () => Effect.gen(body).pipe(Effect.provide(layer)))

  describe(name, () => {
    for (const size of [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20]) {
      test(`gives back ${size} bytes as they were put`, function* () {
        const store = yield* Store
        const bytes = Buffer.alloc(size, "abc")
        const digest = yield* store.put(bytes)
        assert.strictEqual(digest, digestOf(bytes))
        assert.isTrue(yield* store.has(digest))
        assert.isTrue(bytes.equals(yield* store.get(digest)))
      })

      test(`notices damage of a blob of ${size} bytes, and takes it again`, function* () {
        const store = yield* Store
        const bytes = Buffer.alloc(size, "abc")
        const digest = yield* store.put(bytes)
        yield* (yield* Saboteur).damage(digest)
        assert.strictEqual((yield* Effect.flip(store.get(digest))).reason, "Damaged")
        assert.strictEqual((yield* Effect.flip(store.get(digest))).reason, "Missing")
        assert.isFalse(yield* store.has(digest))
        yield* store.put(bytes)
        yield* (yield* Saboteur).damage(digest)
        assert.isFalse(yield* store.has(digest))
        yield* store.put(bytes)
        assert.isTrue(bytes.equals(yield* store.get(digest)))
      })
    }

    test("calls a blob dropped on purpose until somebody asks for it", function* () {
      const store = yield* Store
      const digest = yield* store.put(bytesOf("a"))
      assert.isFalse(yield* store.dropped(digest))
      yield* store.drop(digest)
      assert.deepStrictEqual([yield* store.has(digest), yield* store.dropped(digest)], [false, true])
      assert.strictEqual((yield* Effect.flip(store.get(digest))).reason, "Missing")
      assert.isFalse(yield* store.dropped(digest))
      yield* store.put(bytesOf("a"))
      assert.isTrue(yield* store.has(digest))
    })

    test("calls a blob that came back no longer dropped", function* () {
      const store = yield* Store
      const digest = yield* store.put(bytesOf("a"))
      yield* store.drop(digest)
      yield* store.put(bytesOf("a"))
      assert.isFalse(yield* store.dropped(digest))
    })

    test("calls no damaged blob dropped, also if it was once", function* () {
      const store = yield* Store
      const digest = yield* store.put(bytesOf("a"))
      yield* store.drop(digest)
      yield* store.put(bytesOf("a"))
      yield* (yield* Saboteur).damage(digest)
      assert.strictEqual((yield* Effect.flip(store.get(digest))).reason, "Damaged")
      assert.isFalse(yield* store.dropped(digest))
    })

    test("names the blob that is missing", function* () {
      const store = yield* Store
      const error = yield* Effect.flip(store.get(digestOf("never put")))
      assert.deepStrictEqual([error.reason, error.what], ["Missing", digestOf("never put")])
      assert.isFalse(yield* store.has(digestOf("never put")))
    })

    test("keeps its bytes when an array that was put or got is changed", function* () {
      const store = yield* Store
      const bytes = bytesOf("mine")
      const digest = yield* store.put(bytes)
      bytes.fill(0)
      ;(yield* store.get(digest)).fill(0)
      assert.deepStrictEqual(Buffer.from(yield* store.get(digest)).toString(), "mine")
    })

    for (const size of [0, 5, 3 << 20]) {
      test(`stores a file of ${size} bytes under the digest of its bytes`, function* () {
        const store = yield* Store
        const directory = yield* scratch
        const bytes = Buffer.alloc(size, "abc")
        writeFileSync(join(directory, "data"), bytes)
        const expected = { digest: digestOf(bytes), size }
        assert.deepStrictEqual(yield* store.putFile(join(directory, "data")), expected)
        assert.deepStrictEqual(yield* store.putFile(join(directory, "data")), expected)
        assert.isTrue(bytes.equals(yield* store.get(expected.digest)))
        writeFileSync(join(directory, "data"), "other")
        assert.strictEqual((yield* store.putFile(join(directory, "data"))).digest, digestOf("other"))
      })
    }

    test("names the file that is missing", function* () {
      const error = yield* Effect.flip((yield* Store).putFile("/no/such/file"))
      assert.deepStrictEqual([error.reason, error.what], ["Missing", "/no/such/file"])
    })

    test("gives back a record as it was published", function* () {
      const store = yield* Store
      yield* store.put(bytesOf("a"))
      assert.isTrue(Option.isNone(yield* store.record(key)))
      assert.deepStrictEqual(yield* store.publish(key, recordOf(["a"])), recordOf(["a"]))
      assert.deepStrictEqual(yield* store.record(key), Option.some(recordOf(["a"])))
    })

    test("keeps the first record of a key while its outputs are there", function* () {
      const store = yield* Store
      yield* Effect.forEach(["a", "b"], (text) => store.put(bytesOf(text)))
      yield* store.publish(key, recordOf(["a"]))
      assert.deepStrictEqual(yield* store.publish(key, recordOf(["b"])), recordOf(["a"]))
      yield* (yield* Saboteur).drop(digestOf("a"))
      assert.deepStrictEqual(yield* store.publish(key, recordOf(["b"])), recordOf(["b"]))
      assert.deepStrictEqual(yield* store.record(key), Option.some(recordOf(["b"])))
    })

    test("refuses a record whose output was never stored", function* () {
      const store = yield* Store
      const error = yield* Effect.flip(store.publish(key, recordOf(["never put"])))
      assert.deepStrictEqual([error.reason, error.what], ["Missing", digestOf("never put")])
      assert.isTrue(Option.isNone(yield* store.record(key)))
    })

    test("forgets the record of a key and keeps its bytes, so that the next record is the first", function* () {
      const store = yield* Store
      yield* Effect.forEach(["a", "b"], (text) => store.put(bytesOf(text)))
      assert.isFalse(yield* store.forget(key))
      yield* store.publish(key, recordOf(["a"]))
      yield* store.record(key)
      assert.isTrue(yield* store.forget(key))
      assert.isTrue(Option.isNone(yield* store.record(key)))
      assert.isUndefined(store.known(key))
      assert.isTrue(yield* store.has(digestOf("a")))
      assert.deepStrictEqual(yield* store.publish(key, recordOf(["b"])), recordOf(["b"]))
      assert.isFalse(yield* store.forget(keyOf("another")))
    })

    for (const torn of ["", "{", `{"outputFiles":[]}`, "not json", `[1,2]`]) {
      test(`counts the record ${JSON.stringify(torn)} as none, and replaces it`, function* () {
        const store = yield* Store
        yield* store.put(bytesOf("a"))
        yield* (yield* Saboteur).scribble(key, bytesOf(torn))
        assert.isTrue(Option.isNone(yield* store.record(key)))
        yield* store.publish(key, recordOf(["a"]))
        assert.deepStrictEqual(yield* store.record(key), Option.some(recordOf(["a"])))
      })
    }

    test("gives a key to one claimant until its scope closes, and another key to another", function* () {
      const store = yield* Store
      yield* Effect.scoped(
        Effect.gen(function* () {
          assert.isTrue(yield* store.claim(key))
          assert.isFalse(yield* Effect.scoped(store.claim(key)))
          assert.isFalse(yield* Effect.scoped(store.claim(key)))
          assert.isTrue(yield* store.claim(keyOf("other")))
        }),
      )
      assert.isTrue(yield* Effect.scoped(store.claim(key)))
      assert.isTrue(yield* Effect.scoped(store.claim(key)))
    })

    test("gives a key to exactly one of many fibers", function* () {
      const store = yield* Store
      const held = yield* Effect.scoped(
        Effect.forEach(Array.from({ length: 50 }), () => store.claim(key), { concurrency: "unbounded" }),
      )
      assert.strictEqual(held.filter(Boolean).length, 1)
    })
  })
}
