// What a folder holds once a page is written into it: over nothing, over the last page, by several at once, or by a run
// that is killed.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { manifestAt, manifestName } from "../../../pipeline/page/manifest.ts"
import { scratch } from "../../cache/contract.ts"
import { contents, files, lay, pageOf, published, textsOf, write } from "../../support/page-folder.ts"
import { publisher } from "../../support/publisher.ts"

describe("a page is written", () => {
  for (const [kind, prepare] of Object.entries<(directory: string) => void>({
    "where nothing is": () => undefined,
    "into an empty folder": (directory) => mkdirSync(directory),
    "into a folder kept by version control": (directory) => lay(join(directory, ".gitkeep"), ""),
    "through a link to an empty folder, which stays a link": (directory) => {
      mkdirSync(`${directory}.real`)
      symlinkSync("s.real", directory)
    },
    "over what a killed run had begun": (directory) =>
      lay(join(directory, ".new.01234567-89ab-cdef-0123-456789abcdef/index.html"), "half"),
  })) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = join(yield* scratch, "s")
        prepare(directory)
        const link = lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink()
        assert.deepStrictEqual(yield* write(directory), [])
        const { ".gitkeep": _, ...page } = files(directory)
        assert.deepStrictEqual(page, textsOf(pageOf("1")))
        assert.strictEqual(lstatSync(directory).isSymbolicLink(), link === true)
        assert.strictEqual((yield* manifestAt(directory)).shown, "digest")
      }),
    )
  }

  it.effect(
    "over the last one: what changed is replaced, what it has no more goes, with the folders that are empty then",
    () =>
      Effect.gen(function* () {
        const directory = yield* published
        const table = lstatSync(join(directory, "tables/t.csv")).ino
        assert.deepStrictEqual(yield* write(directory, pageOf("2", ["b", "c"])), [])
        assert.deepStrictEqual(files(directory), textsOf(pageOf("2", ["b", "c"])))
        assert.strictEqual(lstatSync(join(directory, "tables/t.csv")).ino, table)
        assert.deepStrictEqual(yield* write(directory, new Map([["index.html", "page 3"]])), [])
        assert.deepStrictEqual(Object.keys(contents(directory)), [manifestName, "index.html"])
      }),
  )

  it.effect("where the last one had a file and this one has a folder of its name", () =>
    Effect.gen(function* () {
      const directory = yield* published
      yield* write(
        directory,
        new Map([
          ["index.html", "1"],
          ["data", "a file"],
        ]),
      )
      assert.deepStrictEqual(
        yield* write(
          directory,
          new Map([
            ["index.html", "2"],
            ["data/x", "below"],
          ]),
        ),
        [],
      )
      assert.deepStrictEqual(files(directory), { "index.html": "2", "data/x": "below" })
    }),
  )

  it.effect("over one of an earlier version, which kept no list", () =>
    Effect.gen(function* () {
      const directory = yield* published
      writeFileSync(join(directory, manifestName), "0".repeat(64))
      lay(join(directory, "notes.md"))
      assert.strictEqual((yield* manifestAt(directory)).shown, "0".repeat(64))
      assert.deepStrictEqual(yield* write(directory, pageOf("2", ["b"])), [
        { path: "figures/b.svg", as: "figures/b.kept.svg" },
        { path: "index.html", as: "index.kept.html" },
      ])
      assert.deepInclude(files(directory), {
        ...textsOf(pageOf("2", ["b"])),
        "notes.md": "mine",
        "figures/a.svg": "figure a 1",
        "index.kept.html": "page 1",
      })
    }),
  )
})

describe("a page that is written", () => {
  it.live(
    "is read whole at every moment, the old one or the new one",
    () =>
      Effect.gen(function* () {
        const root = yield* scratch
        const writer = yield* publisher(join(root, "s"), join(root, "store"), "large")
        yield* writer.begun
        const seen = new Set<string>()
        for (const end = performance.now() + 1500; performance.now() < end;) {
          const text = readFileSync(join(root, "s/index.html"), "utf8")
          assert.match(text, /^(\d+)(?: \1){199999}$/)
          seen.add(text.slice(0, text.indexOf(" ")))
          yield* Effect.sleep(0)
        }
        assert.isAbove(seen.size, 2)
      }).pipe(Effect.scoped),
    60_000,
  )

  it.live(
    "by a run that is killed, at any moment, costs nobody a file, and the next run tidies up",
    () =>
      Effect.gen(function* () {
        const root = yield* scratch
        const directory = join(root, "s")
        yield* write(directory)
        const theirs = { "notes.md": "mine", "figures/mine.svg": "mine" }
        for (const path of Object.keys(theirs)) lay(join(directory, path))
        for (let kill = 0; kill < 7; kill++) {
          const writer = yield* publisher(directory, join(root, "store"), "many")
          yield* writer.begun
          yield* Effect.sleep(5 * kill)
          yield* writer.kill
          const page = pageOf(`after ${kill}`)
          assert.deepStrictEqual([writer.lines, yield* write(directory, page)], [["[]"], []])
          assert.deepStrictEqual(files(directory), { ...textsOf(page), ...theirs })
        }
      }).pipe(Effect.scoped),
    60_000,
  )

  it.live(
    "by several runs at once is that of one of them, and nothing of it is taken for a person's",
    () =>
      Effect.gen(function* () {
        const root = yield* scratch
        const writers = yield* Effect.forEach(["1", "2", "3"], () =>
          publisher(join(root, "s"), join(root, "store"), "many"),
        )
        yield* Effect.forEach(writers, ({ begun }) => begun)
        yield* Effect.sleep("1 second")
        yield* Effect.forEach(writers, ({ kill }) => kill)
        assert.deepStrictEqual(
          writers.map(({ lines }) => lines),
          [["[]"], ["[]"], ["[]"]],
        )
        assert.deepStrictEqual(yield* write(join(root, "s"), pageOf("last")), [])
        assert.deepStrictEqual(files(join(root, "s")), textsOf(pageOf("last")))
      }).pipe(Effect.scoped),
    60_000,
  )
})
