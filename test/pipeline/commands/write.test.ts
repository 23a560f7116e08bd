// What is at the path that a person names for a file, before and after.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawn } from "node:child_process"
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { write } from "../../../pipeline/commands/write.ts"
import { scratch } from "../../cache/contract.ts"

describe("a file that is asked for", () => {
  for (const [kind, prepare, path] of [
    ["comes to be", () => undefined, "new.csv"],
    ["comes to be with its folders", () => undefined, "deep/er/new.csv"],
    ["takes the place of the one before", (root: string) => writeFileSync(join(root, "old.csv"), "old"), "old.csv"],
    [
      "goes where a link leads, and the link stays",
      (root: string) => {
        writeFileSync(join(root, "real.csv"), "old")
        symlinkSync("real.csv", join(root, "link.csv"))
      },
      "link.csv",
    ],
    [
      "goes where a link leads to nothing yet",
      (root: string) => symlinkSync("real.csv", join(root, "link.csv")),
      "link.csv",
    ],
    [
      "goes into a folder behind a link",
      (root: string) => {
        mkdirSync(join(root, "real"))
        symlinkSync("real", join(root, "folder"))
      },
      "folder/new.csv",
    ],
  ] as const) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const root = yield* scratch
        prepare(root)
        const links = readdirSync(root)
          .filter((name) => lstatSync(join(root, name)).isSymbolicLink())
          .map((name) => [name, readlinkSync(join(root, name))])
        yield* write(join(root, path), "text")
        assert.strictEqual(readFileSync(join(root, path), "utf8"), "text")
        for (const [name, target] of links) assert.strictEqual(readlinkSync(join(root, name!)), target)
        assert.deepStrictEqual(
          readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".csv.")),
          [],
        )
      }),
    )
  }

  it.effect("stays as open or closed to others as it was", () =>
    Effect.gen(function* () {
      const path = join(yield* scratch, "private.csv")
      writeFileSync(path, "old")
      chmodSync(path, 0o600)
      yield* write(path, "text")
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    }),
  )

  it.live("goes through a pipe, which stays one", () =>
    Effect.gen(function* () {
      const path = join(yield* scratch, "pipe")
      execFileSync("mkfifo", [path])
      const reader = spawn("cat", [path])
      let read = ""
      reader.stdout.on("data", (chunk: Buffer) => {
        read += chunk.toString()
      })
      yield* write(path, "text")
      yield* Effect.promise(
        () =>
          new Promise((closed) => {
            reader.once("close", closed)
          }),
      )
      assert.deepStrictEqual([read, statSync(path).isFIFO()], ["text", true])
    }),
  )

  for (const [kind, path] of [
    ["a folder", "folder"],
    ["a path below a file", "file/x"],
  ] as const) {
    it.effect(`is not written in place of ${kind}`, () =>
      Effect.gen(function* () {
        const root = yield* scratch
        mkdirSync(join(root, "folder"))
        writeFileSync(join(root, "file"), "mine")
        const error = yield* Effect.flip(write(join(root, path), "text"))
        assert.deepInclude(error, { _tag: "SpecError", reason: "Unwritable" })
        assert.match(error.message, /cannot be written/)
        assert.deepStrictEqual(
          [readdirSync(root).sort(), readFileSync(join(root, "file"), "utf8")],
          [["file", "folder"], "mine"],
        )
      }),
    )
  }
})
