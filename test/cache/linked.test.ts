// Links in a store. Runs read through them, so an examination does, too; what leads round is walked once, and what
// leads out of the store is nobody's business. And a lease that could not be written leaves nothing.
import { spawnSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { digestOf } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { fsck } from "../../cache/fsck.ts"
import { inventoryOf } from "../../cache/inventory.ts"
import { Store } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

const texts = ["text", "log", "provenance"]
const blobAt = (directory: string, text: string): string => {
  const digest = digestOf(text)
  return join(directory, "blobs", digest.slice(0, 2), digest.slice(2))
}

/** A store of one record, closed. */
const filled = Effect.gen(function* () {
  const directory = yield* scratch
  const fill = Effect.gen(function* () {
    const store = yield* Store
    yield* Effect.forEach(texts, (each) => store.put(bytesOf(each)))
    yield* store.publish(keyOf("node"), recordOf(["text"]))
  })
  yield* Effect.provide(fill, diskLayer(directory))
  return directory
})

/** Moves something out of the store, and leaves a link to it. */
const lead = (directory: string, path: string): void => {
  mkdirSync(`${directory}.away`, { recursive: true })
  const away = join(`${directory}.away`, basename(path))
  renameSync(path, away)
  symlinkSync(away, path)
}

const links: { readonly [what: string]: (directory: string) => void } = {
  "each blob is a link": (directory) => texts.forEach((text) => lead(directory, blobAt(directory, text))),
  "the log is a link": (directory) => lead(directory, blobAt(directory, "log")),
  "the room of blobs is a link": (directory) => lead(directory, join(directory, "blobs")),
  "all rooms are links": (directory) =>
    ["blobs", "records", "claims"].forEach((room) => lead(directory, join(directory, room))),
  "a link leads round": (directory) => symlinkSync(directory, join(directory, "blobs", "00")),
  "a link leads to itself": (directory) => symlinkSync("loop", join(directory, "loop")),
  "links lead to each other's folders": (directory) => {
    symlinkSync(join(directory, "records"), join(directory, "blobs", "00"))
    symlinkSync(join(directory, "blobs"), join(directory, "records", "00"))
  },
}

describe("where", () => {
  for (const [what, make] of Object.entries(links))
    it.effect(`${what}, nothing is missing, and nothing is dropped`, () =>
      Effect.gen(function* () {
        const directory = yield* filled
        make(directory)
        const found = yield* fsck(directory, () => undefined)
        assert.deepStrictEqual([found.faults, found.blobs.count, found.records], [[], 3, 1])
        assert.strictEqual((yield* inventoryOf(directory)).dropped.size, 0)
        const read = Effect.flatMap(Store, (store) => Effect.forEach(texts, (text) => store.get(digestOf(text))))
        const bytes = yield* Effect.provide(read, diskLayer(directory))
        assert.deepStrictEqual(bytes.map(String), texts)
      }),
    )

  it.effect("a link leads to a folder of other files, it is told, and they are not", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      const other = yield* scratch
      writeFileSync(join(other, "notes.md"), "")
      symlinkSync(other, join(directory, "notes"))
      assert.deepStrictEqual((yield* fsck(directory, () => undefined)).foreign, ["notes"])
    }),
  )

  it.effect("a link leads nowhere, the blob is missing", () =>
    Effect.gen(function* () {
      const directory = yield* filled
      lead(directory, blobAt(directory, "text"))
      rmSync(`${directory}.away`, { recursive: true })
      const { faults } = yield* fsck(directory, () => undefined)
      assert.deepStrictEqual(
        faults.map(({ _tag }) => _tag),
        ["MissingBlob"],
      )
    }),
  )
})

it.effect("a lease that cannot be written leaves nothing", () =>
  Effect.gen(function* () {
    const claims = join(yield* scratch, "claims")
    mkdirSync(claims)
    const script = `
      import { Effect } from "effect"
      import { claimIn } from "${import.meta.dirname}/../../cache/claim.ts"
      process.on("SIGXFSZ", () => {})
      const taken = Effect.scoped(claimIn("${claims}")("${keyOf("node")}"))
      process.exitCode = (await Effect.runPromise(Effect.flip(taken))).reason === "Full" ? 0 : 7`
    // No file may grow: what a full disk does, too.
    const child = spawnSync(
      "sh",
      ["-c", `ulimit -f 0; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
      {
        cwd: join(import.meta.dirname, "../.."),
        encoding: "utf8",
      },
    )
    assert.strictEqual(child.status, 0, child.stderr)
    assert.deepStrictEqual(readdirSync(claims), [])
  }),
)
