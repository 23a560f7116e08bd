import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { execFileSync } from "node:child_process"
import {
  chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, truncateSync,
  utimesSync, writeFileSync, writeSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { attempt } from "../../cache/border.ts"
import { digestOf, type Digest, type Key } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { look } from "../../cache/memo.ts"
import { Store } from "../../cache/store.ts"
import { bytesOf, keyOf, recordOf, Saboteur, scratch, suite } from "./contract.ts"

const blobPath = (directory: string, digest: Digest) => join(directory, "blobs", digest.slice(0, 2), digest.slice(2))
const recordPath = (directory: string, key: Key) => join(directory, "records", key.slice(0, 2), key.slice(2))
const memoPath = (directory: string) => join(directory, "memo.jsonl")

/** Writes inside a file without making a new one. */
const overwrite = (path: string, at: number, bytes: Uint8Array) => {
  const file = openSync(path, "r+")
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}

const saboteurIn = (directory: string) =>
  Layer.succeed(Saboteur, {
    damage: (digest) => Effect.sync(() => overwrite(blobPath(directory, digest), 0, bytesOf("damaged"))),
    drop: (digest) => Effect.sync(() => rmSync(blobPath(directory, digest))),
    scribble: (key, bytes) =>
      Effect.sync(() => {
        mkdirSync(dirname(recordPath(directory, key)), { recursive: true })
        writeFileSync(recordPath(directory, key), bytes)
      }),
  })

suite(
  "the store on disk",
  Layer.unwrap(Effect.map(scratch, (directory) => Layer.merge(diskLayer(directory), saboteurIn(directory)))),
)

/** One life of a store in a directory: opened, used, closed. */
const live = <A, E>(directory: string, use: (store: Store["Service"]) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    return yield* use(yield* Store)
  }).pipe(Effect.provide(diskLayer(directory)))

describe("damage on disk", () => {
  const bytes = Buffer.alloc(4096, "abc")
  const digest = digestOf(bytes)
  const kinds: Readonly<Record<string, (path: string) => void>> = {
    truncated: (path) => truncateSync(path, 100),
    emptied: (path) => truncateSync(path, 0),
    lengthened: (path) => writeFileSync(path, "x", { flag: "a" }),
    "bit flipped with its times kept": (path) => {
      const { atime, mtime } = statSync(path)
      overwrite(path, 2000, Buffer.from([bytes[2000]! ^ 1]))
      utimesSync(path, atime, mtime)
    },
  }
  for (const [kind, sabotage] of Object.entries(kinds)) {
    it.effect(`a ${kind} blob is put aside and counts as missing, before and after the store is opened again`, () =>
      Effect.gen(function* () {
        const directory = yield* scratch
        yield* live(directory, (store) =>
          Effect.gen(function* () {
            yield* store.put(bytes)
            sabotage(blobPath(directory, digest))
            assert.isFalse(yield* store.has(digest))
            assert.isFalse(existsSync(blobPath(directory, digest)))
            yield* store.put(bytes)
          }),
        )
        sabotage(blobPath(directory, digest))
        yield* live(directory, (store) =>
          Effect.gen(function* () {
            assert.strictEqual((yield* Effect.flip(store.get(digest))).reason, "Damaged")
            assert.isFalse(yield* store.has(digest))
          }),
        )
        assert.strictEqual(readdirSync(join(directory, "quarantine")).length, 2)
      }),
    )
  }

  it.effect("a removed blob is missing although the memo knows it", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      yield* live(directory, (store) =>
        Effect.gen(function* () {
          yield* store.put(bytes)
          rmSync(blobPath(directory, digest))
          assert.isFalse(yield* store.has(digest))
        }),
      )
    }),
  )

  it.effect("a record truncated at any byte is none, or what it was", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const key = keyOf("node")
      yield* live(directory, (store) =>
        Effect.gen(function* () {
          yield* store.put(bytesOf("a"))
          yield* store.publish(key, recordOf(["a"]))
          for (let size = statSync(recordPath(directory, key)).size - 1; size >= 0; size -= 7) {
            truncateSync(recordPath(directory, key), size)
            assert.isTrue(Option.isNone(yield* store.record(key)))
          }
        }),
      )
    }),
  )
})

describe("files of the store", () => {
  it.effect("a blob cannot be written, and nothing else is left beside it", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const source = join(directory, "source")
      writeFileSync(source, "file")
      yield* live(directory, (store) => Effect.all([store.put(bytesOf("a")), store.put(Buffer.alloc(3 << 20)), store.putFile(source)]))
      const files = readdirSync(join(directory, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      assert.strictEqual(files.length, 3)
      for (const file of files) assert.strictEqual(statSync(join(file.parentPath, file.name)).mode & 0o777, 0o444)
    }),
  )

  it.effect("storing the same bytes or file again does not touch the blob", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const source = join(directory, "source")
      writeFileSync(source, "same")
      const stamp = () => look(blobPath(directory, digestOf("same")))?.stamp
      yield* live(directory, (store) => store.put(bytesOf("same")))
      const first = stamp()
      rmSync(memoPath(directory))
      yield* live(directory, (store) => Effect.all([store.putFile(source), store.put(bytesOf("same"))]))
      assert.strictEqual(stamp(), first)
    }),
  )
})

/** The line that says: this file, as it is now, has this digest. */
const memoLine = (name: string, digest: Digest, path: string) => `\n${JSON.stringify([name, digest, look(path)!.stamp])}`

describe("the memo", () => {
  // A state that no honest run reaches, set up to see whether the store looks at the bytes.
  const damagedBehindTheMemo = Effect.gen(function* () {
    const directory = yield* scratch
    const digest = yield* live(directory, (store) => store.put(bytesOf("hidden")))
    const path = blobPath(directory, digest)
    overwrite(path, 0, bytesOf("HIDDEN"))
    writeFileSync(memoPath(directory), memoLine(digest, digest, path))
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
      writeFileSync(memoPath(directory), `${line.slice(0, 30)}${line}\n["${digest}", 7]\n{}${line.slice(0, 90)}`)
      assert.isTrue(yield* live(directory, (store) => store.has(digest)))
    }),
  )

  it.effect("spares the reading of a foreign file that is as it was, and only then", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const source = join(directory, "source")
      writeFileSync(source, "source")
      const other = yield* live(directory, (store) => store.put(bytesOf("other!")))
      writeFileSync(memoPath(directory), memoLine(source, other, source), { flag: "a" })
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
      const remembered = () => readFileSync(memoPath(directory), "utf8").includes(JSON.stringify(source))
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
})

const failing = (cause: unknown) =>
  attempt("what", () => {
    throw cause
  })

describe("a system that refuses", () => {
  for (const [place, what] of [["a file", "/dev/null"], ["below a file", "/dev/null/store"], ["/proc", "/proc/store"]] as const) {
    it.effect(`${place} in place of the directory is denied, by name`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(live(what, () => Effect.void))
        assert.deepStrictEqual([error.reason, error.what], ["Denied", what])
      }),
    )
  }

  it.effect("a full disk is Full, and holds no half blob", (context) =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const mounted = yield* Effect.acquireRelease(
        Effect.sync(() => tried(() => execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", directory], { stdio: "ignore" }))),
        (mounted) => Effect.sync(() => mounted && execFileSync("umount", [directory])),
      )
      if (!mounted) return context.skip("a full disk needs a small mount, which is not allowed here")
      const big = Buffer.alloc(300_000, "abc")
      const source = join(yield* scratch, "big")
      writeFileSync(source, big)
      yield* live(directory, (store) =>
        Effect.gen(function* () {
          for (const write of [store.put(big), store.put(Buffer.alloc(2 << 20)), Effect.asVoid(store.putFile(source))]) {
            assert.strictEqual((yield* Effect.flip(write)).reason, "Full")
          }
          assert.isFalse(yield* store.has(digestOf(big)))
          // There is room again: what failed left nothing behind.
          yield* store.put(Buffer.alloc(60_000, "abc"))
        }),
      )
    }),
  )

  it.effect("an answer without a reason of its own is Unavailable, and a bug is a defect", () =>
    Effect.gen(function* () {
      const answer = Object.assign(new Error("too many open files"), { syscall: "open", code: "EMFILE" })
      assert.strictEqual((yield* Effect.flip(failing(answer))).reason, "Unavailable")
      const bug = yield* Effect.exit(failing(new TypeError("not a function")))
      assert.isTrue(bug._tag === "Failure" && bug.cause.reasons[0]?._tag === "Die")
    }),
  )
})

const tried = (act: () => unknown): boolean => {
  try {
    act()
    return true
  } catch {
    return false
  }
}
