// What becomes of a person's files in the folder of a page: their own stay, and what they made of the page's is kept.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { manifestName } from "../../../pipeline/page/manifest.ts"
import { contents, files, lay, pageOf, published, textsOf, write } from "../../support/page-folder.ts"

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
