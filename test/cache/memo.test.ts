// Whether what was verified once is believed, and for how long.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { digestOf } from "../../cache/digest.ts"
import { look, openMemo } from "../../cache/memo.ts"
import { scratch } from "./contract.ts"
import { blobPath, live, memoPath, overwrite, recordPath } from "./inside.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

/** Has the memo say what is in a file as it is now. */
const vouchFor = (directory: string, name: string, found: string, path: string): void => {
  const memo = openMemo(memoPath(directory))
  memo.rememberOwn(name, found, look(path)!)
  memo.close()
}

describe("the memo", () => {
  // A state that no honest run reaches, set up to see whether the store looks at the bytes.
  const damagedBehindTheMemo = Effect.gen(function* () {
    const directory = yield* scratch
    const digest = yield* live(directory, (store) => store.put(bytesOf("hidden")))
    const path = blobPath(directory, digest)
    overwrite(path, 0, bytesOf("HIDDEN"))
    rmSync(memoPath(directory))
    vouchFor(directory, digest, "", path)
    return { directory, digest, path }
  })

  it.effect("spares the reading of a blob that is as it was", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      assert.isTrue(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("does not spare the verification of bytes that are asked for", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      assert.strictEqual((yield* Effect.flip(live(directory, (store) => store.get(digest)))).reason, "Damaged")
    }),
  )

  it.effect("is void once the file is touched", () =>
    Effect.gen(function* () {
      const { directory, digest, path } = yield* damagedBehindTheMemo
      chmodSync(path, 0o400)
      assert.isFalse(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("passes over torn lines", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      const line = readFileSync(memoPath(directory), "utf8")
      writeFileSync(memoPath(directory), `${line.slice(0, 30)}${line}\n${digest}\n\t\t${line.slice(0, 90)}`)
      assert.isTrue(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("reads what follows a block that was torn anywhere", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      const block = readFileSync(memoPath(directory), "utf8")
      for (let length = 1; length < block.length; length++) {
        writeFileSync(memoPath(directory), `${block.slice(0, length)}${block}`)
        assert.isTrue(yield* live(directory, (store) => store.has(digest)), `torn after ${length}`)
      }
    }),
  )

  it.effect("is written anew when most of it cannot be read, as that of an earlier version", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      const block = readFileSync(memoPath(directory), "utf8")
      writeFileSync(memoPath(directory), `\nabc\tname\t1-2-3-4\tfound`.repeat(50_000) + block)
      yield* live(directory, () => Effect.void)
      assert.strictEqual(readFileSync(memoPath(directory), "utf8"), block)
      assert.isTrue(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("passes over a line of which one sign was changed", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      const line = readFileSync(memoPath(directory), "utf8")
      for (let at = 1; at < line.length; at += 7) {
        writeFileSync(
          memoPath(directory),
          `${line.slice(0, at)}${String.fromCharCode(line.charCodeAt(at) ^ 1)}${line.slice(at + 1)}`,
        )
        assert.isFalse(yield* live(directory, (store) => store.has(digest)), `sign ${at}`)
        yield* live(directory, (store) => store.put(bytesOf("hidden")))
        overwrite(blobPath(directory, digest), 0, bytesOf("HIDDEN"))
      }
    }),
  )

  it.effect("spares the reading of a foreign file that is as it was, and only then", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const source = join(directory, "source")
      writeFileSync(source, "source")
      const other = yield* live(directory, (store) => store.put(bytesOf("other!")))
      vouchFor(directory, source, other, source)
      assert.strictEqual((yield* live(directory, (store) => store.putFile(source))).digest, other)
      chmodSync(source, 0o600)
      assert.strictEqual((yield* live(directory, (store) => store.putFile(source))).digest, digestOf("source"))
    }),
  )

  it.effect("remembers a file only when it has rested for two seconds", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const source = join(directory, "source")
      writeFileSync(source, "source")
      const remembered = () => readFileSync(memoPath(directory), "utf8").includes(source)
      yield* TestClock.setTime(look(source)!.changed + 1_500)
      yield* live(directory, (store) => store.putFile(source))
      assert.isFalse(remembered())
      yield* TestClock.setTime(look(source)!.changed + 2_000)
      yield* live(directory, (store) => store.putFile(source))
      assert.isTrue(remembered())
    }),
  )

  it.effect("is written anew when most of its lines are out of date", () =>
    Effect.gen(function* () {
      const { directory, digest } = yield* damagedBehindTheMemo
      const line = readFileSync(memoPath(directory), "utf8")
      writeFileSync(memoPath(directory), line.repeat(5_000))
      yield* live(directory, () => Effect.void)
      assert.strictEqual(readFileSync(memoPath(directory), "utf8"), line)
      assert.isTrue(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("knows a record that was published or read, and only while it and its outputs are as they were", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const key = keyOf("node")
      const { outputs, provenance, seconds } = recordOf(["a", "b"])
      const known = live(directory, (store) => Effect.sync(() => store.known(key)))
      assert.isUndefined(yield* known)
      yield* live(directory, (store) =>
        Effect.andThen(
          Effect.forEach(["a", "b"], (text) => store.put(bytesOf(text))),
          store.publish(key, recordOf(["a", "b"])),
        ),
      )
      assert.deepStrictEqual(yield* known, { outputs, provenance, seconds })
      rmSync(memoPath(directory))
      assert.isUndefined(yield* known)
      overwrite(blobPath(directory, digestOf("b")), 0, bytesOf("B"))
      assert.isUndefined(yield* known)
      yield* TestClock.setTime(look(recordPath(directory, key))!.changed + 2_000)
      yield* live(directory, (store) =>
        Effect.all([store.put(bytesOf("a")), store.put(bytesOf("b")), store.record(key)]),
      )
      assert.deepStrictEqual(yield* known, { outputs, provenance, seconds })
      rmSync(recordPath(directory, key))
      assert.isUndefined(yield* known)
    }),
  )
})
