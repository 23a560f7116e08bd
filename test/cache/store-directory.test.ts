// Which directories are stores, which may become one, and which are left as they are.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { temporaryFor } from "../../cache/atomic.ts"
import { digestOf } from "../../cache/digest.ts"
import { marker } from "../../cache/paths.ts"
import { storeDirectoryAt } from "../../cache/store-directory.ts"
import { scratch } from "./contract.ts"
import { live } from "./inside.ts"
import { child } from "./process.ts"
import { bytesOf } from "./sample.ts"

/** Puts a file where it is to be; a path that ends in a slash is a folder. */
const lay = (directory: string, paths: ReadonlyArray<string>): void => {
  for (const path of paths) {
    mkdirSync(join(directory, path.endsWith("/") ? path : dirname(path)), { recursive: true })
    if (!path.endsWith("/")) writeFileSync(join(directory, path), `mine: ${path}`)
  }
}

/** Every path below a directory, with what is in it. */
const contents = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .sort()
      .map((path) => [
        path,
        statSync(join(directory, path)).isDirectory() ? "" : readFileSync(join(directory, path), "utf8"),
      ]),
  )

/** What the command line does before it opens a store, and a first blob. */
const put = (directory: string) =>
  Effect.andThen(
    storeDirectoryAt(directory),
    live(directory, (store) => store.put(bytesOf("a"))),
  )
const made = ["blobs", "claims", "memo.tsv", marker]

describe("a directory becomes a store", () => {
  for (const [kind, paths] of Object.entries({
    "that is empty": [],
    "that holds a .gitignore": [".gitignore"],
    "that is to be kept in a repository": [".gitkeep", ".gitattributes"],
    "that a file manager has looked into": [".DS_Store"],
    "whose making was killed": [temporaryFor(marker)],
  })) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = yield* scratch
        lay(directory, paths)
        const before = contents(directory)
        assert.strictEqual(yield* storeDirectoryAt(directory), "Nothing")
        yield* put(directory)
        assert.strictEqual(yield* storeDirectoryAt(directory), "Store")
        assert.includeMembers(readdirSync(directory), [...made, ...paths])
        for (const [path, text] of before) assert.strictEqual(contents(directory).get(path), text)
      }),
    )
  }

  it.effect("that is not there, or a link to one that is empty", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      mkdirSync(join(directory, "real"))
      symlinkSync("real", join(directory, "link"))
      for (const name of ["new", "deep/er", "link"]) {
        assert.strictEqual(yield* storeDirectoryAt(join(directory, name)), "Nothing")
        yield* put(join(directory, name))
        assert.strictEqual(yield* storeDirectoryAt(join(directory, name)), "Store")
      }
      assert.isTrue(readdirSync(join(directory, "real")).includes(marker))
    }),
  )
})

describe("a store stays one", () => {
  for (const [kind, act] of Object.entries<(directory: string) => void>({
    "with files of other people in it": (directory) =>
      lay(directory, [
        ".env",
        "notes.md",
        "records/notes.txt",
        "quarantine/old",
        "claims/who",
        "blobs/readme",
        "journal/100%.jsonl",
      ]),
    "without its marker, as older stores are": (directory) => rmSync(join(directory, marker)),
    "with a damaged marker": (directory) => writeFileSync(join(directory, marker), "This f"),
    "without its marker, with a .gitignore": (directory) => {
      rmSync(join(directory, marker))
      lay(directory, [".gitignore", "blobs/.gitkeep"])
    },
    "without its rooms": (directory) => {
      for (const room of ["blobs", "claims"]) rmSync(join(directory, room), { recursive: true })
    },
  })) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = yield* scratch
        yield* put(directory)
        act(directory)
        assert.strictEqual(yield* storeDirectoryAt(directory), "Store")
        yield* put(directory)
        assert.isTrue(yield* live(directory, (store) => store.has(digestOf("a"))))
      }),
    )
  }
})

describe("a directory is refused, and nothing is written there", () => {
  for (const [kind, paths] of Object.entries({
    "with a project in it": ["package.json", "specs/paper.ts"],
    "with one file": ["notes.md"],
    "with secrets": [".env"],
    "with a repository": [".git/config"],
    "with an empty folder": ["data/"],
    "with records of another kind": ["records/2024.csv", "records/2025.csv"],
    "with blobs of another kind": ["blobs/cat.png", "claims/"],
    "with claims of another kind": ["blobs/", "claims/insurance.pdf"],
    "with files in place of the rooms": ["blobs", "claims"],
    "with a text called as the marker is": [marker],
    "with a folder called as the marker is": [`${marker}/x`],
    "with a journal of its own": ["journal/monday.jsonl"],
  })) {
    it.effect(kind, () =>
      Effect.gen(function* () {
        const directory = yield* scratch
        lay(directory, paths)
        const before = contents(directory)
        for (const act of [Effect.asVoid(storeDirectoryAt(directory)), Effect.asVoid(put(directory))]) {
          const { reason, what } = yield* Effect.flip(act)
          assert.deepStrictEqual([reason, what], ["Foreign", directory])
        }
        assert.deepStrictEqual(contents(directory), before)
      }),
    )
  }

  it.effect("a file", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      lay(directory, ["file"])
      for (const path of ["file", "file/store"])
        assert.strictEqual((yield* Effect.flip(put(join(directory, path)))).reason, "Denied")
      assert.deepStrictEqual([...contents(directory)], [["file", "mine: file"]])
    }),
  )
})

it.live("processes that make one store at once all find it", () =>
  Effect.gen(function* () {
    for (let round = 0; round < 3; round++) {
      const directory = join(yield* scratch, "store")
      const children = yield* Effect.forEach(Array.from({ length: 6 }), () => child("put", directory))
      assert.deepStrictEqual(
        yield* Effect.forEach(children, ({ ended }) => ended, { concurrency: 6 }),
        [0, 0, 0, 0, 0, 0],
      )
      assert.deepStrictEqual(readdirSync(directory).sort(), made.toSorted())
    }
  }).pipe(Effect.scoped),
)
