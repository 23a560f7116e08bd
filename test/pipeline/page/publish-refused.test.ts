// Where a page is refused: in a folder of others, and by a path out of its own.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { digestOf } from "../../../cache/digest.ts"
import { encodeManifest, manifestAt, manifestName } from "../../../pipeline/page/manifest.ts"
import { scratch } from "../../cache/contract.ts"
import { contents, lay, pageOf, published, write } from "../../support/page-folder.ts"

describe("a page is refused, and nothing is touched,", () => {
  for (const [kind, prepare, says] of [
    ["in place of a file", (directory: string) => lay(directory), /s is not a folder\. Move it away/],
    ["below a file", (directory: string) => lay(dirname(directory)), /out is not a folder/],
    [
      "in a folder of sources",
      (directory: string) => lay(join(directory, "s.ts")),
      new RegExp(
        String.raw`was not made by a run, and contains s\.ts\. Nothing in it was changed\. ` +
          "Move it away, or name another folder with --out",
      ),
    ],
    [
      "in a folder of many things",
      (directory: string) => {
        for (const name of ["a", "b", "c", "d", "e"]) lay(join(directory, name))
      },
      /contains a, b, c and 2 more/,
    ],
    [
      "in a folder with a page of other making",
      (directory: string) => lay(join(directory, "index.html")),
      /contains index\.html/,
    ],
    [
      "in a folder with an empty folder",
      (directory: string) => mkdirSync(join(directory, "empty"), { recursive: true }),
      /contains empty/,
    ],
    [
      "in a folder with a list of nothing of ours",
      (directory: string) => lay(join(directory, manifestName), "yes"),
      /contains \.shown/,
    ],
    [
      "in a folder whose list was changed",
      (directory: string) => {
        Effect.runSync(write(directory))
        appendFileSync(join(directory, manifestName), " ")
      },
      /was not made by a run/,
    ],
    [
      "in place of a link that leads nowhere",
      (directory: string) => {
        mkdirSync(dirname(directory))
        symlinkSync("/no/where", directory)
      },
      /s is not a folder/,
    ],
    [
      "through a link to a folder of others",
      (directory: string) => {
        lay(join(dirname(directory), "theirs/book.md"))
        symlinkSync("theirs", directory)
      },
      /contains book\.md/,
    ],
    ["in place of a room of a store", (directory: string) => lay(join(directory, "0a/1b")), /contains 0a/],
  ] as const) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const root = yield* scratch
        const directory = join(root, "out/s")
        prepare(directory)
        const before = contents(root)
        for (const act of [Effect.asVoid(manifestAt(directory)), Effect.asVoid(write(directory, pageOf("2")))]) {
          const error = yield* Effect.flip(act)
          assert.deepInclude(error, { _tag: "SpecError", reason: "Unwritable" })
          assert.match((error as Error).message, says)
          assert.match((error as Error).message, /^The page cannot be written to .*out\/s: .*; the results are kept\.$/)
        }
        assert.deepStrictEqual(contents(root), before)
      }),
    )
  }

  for (const path of [
    "../notes.md",
    "figures/../../notes.md",
    "/tmp/notes.md",
    "..",
    ".",
    "",
    "figures/",
    "./index.html",
    "a//b",
    manifestName,
    "a\0b",
  ]) {
    it.effect(`that has a file ${JSON.stringify(path)}`, () =>
      Effect.gen(function* () {
        const directory = yield* published
        lay(join(directory, "../notes.md"))
        const before = contents(dirname(directory))
        const error = yield* Effect.flip(
          write(
            directory,
            new Map([
              ["index.html", "2"],
              [path, "theirs"],
            ]),
          ),
        )
        assert.match((error as Error).message, /must have a path inside the folder of the page/)
        assert.deepStrictEqual(contents(dirname(directory)), before)
      }),
    )
  }

  it.effect("but a list that was handed on with a path out of its folder names nothing there", () =>
    Effect.gen(function* () {
      const directory = yield* published
      lay(join(directory, "../notes.md"))
      writeFileSync(
        join(directory, manifestName),
        encodeManifest({ shown: null, files: new Map([["../notes.md", [digestOf("mine")]]]) }),
      )
      yield* write(directory, new Map([["index.html", "page 1"]]))
      assert.strictEqual(readFileSync(join(directory, "../notes.md"), "utf8"), "mine")
    }),
  )
})
