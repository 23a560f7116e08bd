import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { attempt } from "../../cache/system-error.ts"
import { digestOf } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { look } from "../../cache/memo.ts"
import { Store } from "../../cache/store.ts"
import { Saboteur, scratch, suite } from "./contract.ts"
import { blobPath, live, memoPath, overwrite, recordPath } from "./inside.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

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

  it.effect("a record truncated at any byte is none, and put aside", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const key = keyOf("node")
      yield* live(directory, (store) =>
        Effect.gen(function* () {
          yield* store.put(bytesOf("a"))
          yield* store.publish(key, recordOf(["a"]))
          const whole = readFileSync(recordPath(directory, key))
          for (let size = whole.length - 1; size >= 0; size -= 7) {
            writeFileSync(recordPath(directory, key), whole.subarray(0, size))
            assert.isTrue(Option.isNone(yield* store.record(key)))
            assert.isFalse(existsSync(recordPath(directory, key)))
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
      yield* live(directory, (store) =>
        Effect.all([store.put(bytesOf("a")), store.put(Buffer.alloc(3 << 20)), store.putFile(source)]),
      )
      const files = readdirSync(join(directory, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
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

/** What a store that is only looked at gives. */
const looked = <A, E>(directory: string, use: (store: Store["Service"]) => Effect.Effect<A, E>) =>
  Effect.provide(Effect.flatMap(Store, use), diskLayer(directory, { looking: true }))

describe("a store that is only looked at", () => {
  it.effect("says what digests would be, and stores nothing", () =>
    Effect.gen(function* () {
      const directory = join(yield* scratch, "store")
      const source = join(yield* scratch, "source")
      writeFileSync(source, "file")
      const [put, file] = yield* looked(directory, (store) =>
        Effect.all([store.put(bytesOf("a")), store.putFile(source)]),
      )
      assert.deepStrictEqual([put, file], [digestOf("a"), { digest: digestOf("file"), size: 4 }])
      assert.isFalse(yield* looked(directory, (store) => store.has(put)))
      assert.deepStrictEqual(
        (existsSync(directory) ? readdirSync(directory) : []).filter((name) => name !== "memo.tsv"),
        [],
      )
      // What was remembered of the file is not taken for a blob.
      assert.deepStrictEqual(yield* live(directory, (store) => store.putFile(source)), file)
      assert.isTrue(yield* live(directory, (store) => store.has(file.digest)))
    }),
  )

  it.effect("mends what it may", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const digest = yield* live(directory, (store) => store.put(bytesOf("good")))
      overwrite(blobPath(directory, digest), 0, bytesOf("evil"))
      assert.isFalse(yield* looked(directory, (store) => store.has(digest)))
      assert.strictEqual(readdirSync(join(directory, "quarantine")).length, 1)
    }),
  )
})

const failing = (cause: unknown) =>
  attempt("what", () => {
    throw cause
  })

describe("a system that refuses", () => {
  for (const [place, what] of [
    ["a file", "/dev/null"],
    ["below a file", "/dev/null/store"],
    ["/proc", "/proc/store"],
  ] as const) {
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
        Effect.sync(() =>
          tried(() =>
            execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", directory], { stdio: "ignore" }),
          ),
        ),
        (mounted) => Effect.sync(() => mounted && execFileSync("umount", [directory])),
      )
      if (!mounted) return context.skip("a full disk needs a small mount, which is not allowed here")
      const big = Buffer.alloc(300_000, "abc")
      const source = join(yield* scratch, "big")
      writeFileSync(source, big)
      yield* live(directory, (store) =>
        Effect.gen(function* () {
          for (const write of [
            store.put(big),
            store.put(Buffer.alloc(2 << 20)),
            Effect.asVoid(store.putFile(source)),
          ]) {
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
      const answer = Object.assign(new Error("input/output error"), { syscall: "read", code: "EIO" })
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
