// Whose page is in a folder? Two specs whose pages go to one folder are told so, with both names, and nobody's page is
// written over; one spec by any path is one spec.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { memoryLayer } from "../../../cache/memory.ts"
import { pageOf, publish, refuseTakenFolder } from "../../../pipeline/page/publish.ts"
import { scratch } from "../../cache/contract.ts"

const lay = (...path: ReadonlyArray<string>): string => {
  const file = join(...path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, "")
  return file
}

interface Form {
  readonly first: string
  readonly second: string
  /** Of these a part was asked for. */
  readonly parts?: ReadonlyArray<string>
  readonly between?: (root: string) => void
  readonly refused: boolean
}
const forms: { readonly [what: string]: Form } = {
  "two specs of one name": { first: "specs/base.ts", second: "sub/base.ts", refused: true },
  "parts of two specs of one name": { first: "a/x.ts", second: "b/x.ts", parts: ["a/x.ts", "b/x.ts"], refused: true },
  "a part, and a spec called like it": { first: "base.ts", second: "base.part.ts", parts: ["base.ts"], refused: true },
  "a spec called like a part, and that": {
    first: "base.part.ts",
    second: "base.ts",
    parts: ["base.ts"],
    refused: true,
  },
  "a copy beside a folder of that name": { first: "base.ts", second: "base/base.ts", refused: true },
  "one spec twice": { first: "specs/base.ts", second: "specs/base.ts", refused: false },
  "one spec by two paths": { first: "specs/base.ts", second: "specs/../specs/base.ts", refused: false },
  "one spec through a link": {
    first: "specs/base.ts",
    second: "link/base.ts",
    between: (root) => symlinkSync("specs", join(root, "link")),
    refused: false,
  },
  "a spec that moved": {
    first: "specs/base.ts",
    second: "studies/base.ts",
    between: (root) => renameSync(join(root, "specs"), join(root, "studies")),
    refused: false,
  },
  "a spec whose page was taken away": {
    first: "specs/base.ts",
    second: "sub/base.ts",
    between: (root) => rmSync(join(root, "out"), { recursive: true }),
    refused: false,
  },
  "two specs of two names": { first: "specs/base.ts", second: "specs/other.ts", refused: false },
}

describe("the folder of a page", () => {
  for (const [what, { first, second, parts = [], between, refused }] of Object.entries(forms))
    it.effect(`${refused ? "is refused to" : "is open to"} ${what}`, () =>
      Effect.gen(function* () {
        const root = yield* scratch
        const folderOf = (spec: string) => pageOf(spec, join(root, "out"), parts.includes(spec))
        const write = (spec: string) => publish(folderOf(spec), new Map([["index.html", spec]]), null, join(root, spec))
        lay(root, first)
        yield* write(first)
        if (between === undefined) lay(root, second)
        else between(root)
        for (const act of [refuseTakenFolder(folderOf(second), join(root, second)), write(second)]) {
          const exit = yield* Effect.result(Effect.asVoid(act))
          if (exit._tag === "Success") assert.isFalse(refused)
          else {
            assert.deepStrictEqual([exit.failure._tag, exit.failure.reason], ["SpecError", "PageTaken"])
            const message = (exit.failure as Error).message
            assert.include(message, `The page of ${join(root, second)} would overwrite the page of `)
            assert.include(message, `${first}: both go to ${folderOf(second)}. Name another folder `)
          }
        }
        const there = join(folderOf(second), "index.html")
        assert.strictEqual(existsSync(there) && readFileSync(there, "utf8"), refused ? first : second)
      }).pipe(Effect.provide(memoryLayer)),
    )
})
