// What becomes of a folder when a page is written into it: of the files of the last page, and of everybody else's.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { digestOf } from "../../cache/digest.ts"
import { memoryLayer } from "../../cache/memory.ts"
import { encodeManifest, manifestAt, manifestName } from "../../pipeline/manifest.ts"
import { publish } from "../../pipeline/publish.ts"
import { scratch } from "../cache/contract.ts"
import { publisher } from "../support/publisher.ts"

const pageOf = (version: string, figures: ReadonlyArray<string> = ["a", "b"]) =>
  new Map<string, string | Uint8Array>([
    ["index.html", `page ${version}`],
    ...figures.map((name) => [`figures/${name}.svg`, `figure ${name} ${version}`] as const),
    ["tables/t.csv", Buffer.from("x\n1\n")],
  ])

const write = (directory: string, page = pageOf("1"), shown: string | null = "digest") =>
  publish(directory, page, shown, "specs/s.ts").pipe(Effect.provide(memoryLayer))

/** Every path below a folder with what is there: a text, a link's target, or a slash for a folder. */
const contents = (directory: string): { readonly [path: string]: string } =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .sort()
      .map((path) => {
        const [full, state] = [join(directory, path), lstatSync(join(directory, path))]
        return [
          path,
          state.isSymbolicLink() ? `-> ${readlinkSync(full)}` : state.isDirectory() ? "/" : readFileSync(full, "utf8"),
        ]
      }),
  )
/** The same without folders and the list. */
const files = (directory: string) =>
  Object.fromEntries(
    Object.entries(contents(directory)).filter(([path, text]) => text !== "/" && path !== manifestName),
  )
const textsOf = (page: ReturnType<typeof pageOf>) =>
  Object.fromEntries([...page].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))

const lay = (path: string, text = "mine"): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A folder in which a page is. */
const published = Effect.gen(function* () {
  const directory = join(yield* scratch, "out/s")
  yield* write(directory)
  return directory
})

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

describe("what a person put into the folder of a page stays as and where it is:", () => {
  for (const [kind, put] of Object.entries<(directory: string) => void>({
    notes: (directory) => lay(join(directory, "notes.md")),
    "a figure of their own": (directory) => lay(join(directory, "figures/mine.svg")),
    "an annotated copy": (directory) => lay(join(directory, "index (annotated).html")),
    "a folder": (directory) => lay(join(directory, "talk/slides/1.html")),
    "an empty folder": (directory) => mkdirSync(join(directory, "figures/later")),
    "hidden files": (directory) => {
      for (const name of [".env", ".gitignore", ".new", ".new.notes", ".shown.bak"]) lay(join(directory, name))
    },
    "a repository": (directory) => lay(join(directory, ".git/config")),
    "a link": (directory) => symlinkSync("index.html", join(directory, "latest.html")),
    "a link that leads nowhere": (directory) => symlinkSync("/no/where", join(directory, "dangling")),
    "a copy of a page, with its list": (directory) => {
      for (const name of ["index.html", manifestName])
        lay(join(directory, "old", name), readFileSync(join(directory, name), "utf8"))
    },
  })) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = yield* published
        const before = new Set(Object.keys(contents(directory)))
        put(directory)
        const theirs = Object.fromEntries(Object.entries(contents(directory)).filter(([path]) => !before.has(path)))
        for (const page of [pageOf("2", ["c"]), pageOf("3"), new Map([["index.html", "page 4"]])]) {
          assert.deepStrictEqual(yield* write(directory, page), [])
          assert.deepInclude(contents(directory), { ...theirs, "index.html": String(page.get("index.html")) })
        }
      }),
    )
  }
})

describe("what a person made of a page's own files is kept under another name, and told:", () => {
  for (const [kind, act, path, as] of [
    [
      "an edited page",
      (directory: string) => appendFileSync(join(directory, "index.html"), "!"),
      "index.html",
      "index.kept.html",
    ],
    [
      "an edited figure",
      (directory: string) => writeFileSync(join(directory, "figures/a.svg"), "redrawn"),
      "figures/a.svg",
      "figures/a.kept.svg",
    ],
    [
      "an edited figure, for the third time",
      (directory: string) => {
        for (const name of ["a", "a.kept", "a.kept2"]) lay(join(directory, `figures/${name}.svg`), name)
      },
      "figures/a.svg",
      "figures/a.kept3.svg",
    ],
    [
      "a figure that was emptied",
      (directory: string) => writeFileSync(join(directory, "figures/b.svg"), ""),
      "figures/b.svg",
      "figures/b.kept.svg",
    ],
    [
      "a figure that became a link",
      (directory: string) => {
        renameSync(join(directory, "figures/a.svg"), join(directory, "a.svg"))
        symlinkSync("../a.svg", join(directory, "figures/a.svg"))
      },
      "figures/a.svg",
      "figures/a.kept.svg",
    ],
    [
      "a figure that became a folder",
      (directory: string) => {
        rmSync(join(directory, "figures/a.svg"))
        lay(join(directory, "figures/a.svg/layers"))
      },
      "figures/a.svg",
      "figures/a.kept.svg",
    ],
    [
      "a folder that became a file",
      (directory: string) => {
        rmSync(join(directory, "figures"), { recursive: true })
        lay(join(directory, "figures"))
      },
      "figures",
      "figures.kept",
    ],
    [
      "a file where the new page has its first",
      (directory: string) => lay(join(directory, "figures/c.svg")),
      "figures/c.svg",
      "figures/c.kept.svg",
    ],
    [
      "a table with the ends of lines of another system",
      (directory: string) => writeFileSync(join(directory, "tables/t.csv"), "x\r\n1\r\n"),
      "tables/t.csv",
      "tables/t.kept.csv",
    ],
  ] as const) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = yield* published
        act(directory)
        const state = lstatSync(join(directory, path))
        const page = pageOf("2", ["a", "b", "c"])
        assert.deepStrictEqual(yield* write(directory, page), [{ path, as }])
        assert.strictEqual(lstatSync(join(directory, as)).ino, state.ino)
        assert.deepInclude(files(directory), textsOf(page))
        // From then on it is theirs.
        assert.deepStrictEqual(yield* write(directory, new Map([["index.html", "page 3"]])), [])
        assert.strictEqual(lstatSync(join(directory, as)).ino, state.ino)
      }),
    )
  }

  it.effect("not where the new page has no such file: there it stays", () =>
    Effect.gen(function* () {
      const directory = yield* published
      writeFileSync(join(directory, "figures/a.svg"), "redrawn")
      assert.deepStrictEqual(yield* write(directory, pageOf("2", ["b"])), [])
      assert.strictEqual(files(directory)["figures/a.svg"], "redrawn")
    }),
  )

  it.effect("not where a person only took something away", () =>
    Effect.gen(function* () {
      const directory = yield* published
      rmSync(join(directory, "figures"), { recursive: true })
      assert.deepStrictEqual(yield* write(directory, pageOf("2")), [])
      assert.deepStrictEqual(files(directory), textsOf(pageOf("2")))
    }),
  )
})

describe("a page is refused, and nothing is touched,", () => {
  for (const [kind, prepare, says] of [
    ["in place of a file", (directory: string) => lay(directory), /s is no folder\. Move it away/],
    ["below a file", (directory: string) => lay(dirname(directory)), /out is no folder/],
    [
      "in a folder of sources",
      (directory: string) => lay(join(directory, "s.ts")),
      /was not made by a run, and holds s\.ts\. Nothing in it was touched\. Move it away, or name another folder with --out/,
    ],
    [
      "in a folder of many things",
      (directory: string) => {
        for (const name of ["a", "b", "c", "d", "e"]) lay(join(directory, name))
      },
      /holds a, b, c and 2 more/,
    ],
    [
      "in a folder with a page of other making",
      (directory: string) => lay(join(directory, "index.html")),
      /holds index\.html/,
    ],
    [
      "in a folder with an empty folder",
      (directory: string) => mkdirSync(join(directory, "empty"), { recursive: true }),
      /holds empty/,
    ],
    [
      "in a folder with a list of nothing of ours",
      (directory: string) => lay(join(directory, manifestName), "yes"),
      /holds \.shown/,
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
      /s is no folder/,
    ],
    [
      "through a link to a folder of others",
      (directory: string) => {
        lay(join(dirname(directory), "theirs/book.md"))
        symlinkSync("theirs", directory)
      },
      /holds book\.md/,
    ],
    ["in place of a room of a store", (directory: string) => lay(join(directory, "0a/1b")), /holds 0a/],
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
        assert.match((error as Error).message, /named by paths inside its folder/)
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
