// What is remembered of the identity of some code, and when that is not believed any more.
import { Option } from "effect"
import { execFile } from "node:child_process"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { seal, unseal } from "../../../cache/seal.ts"
import { memoKind } from "../../../pipeline/code/memo.ts"
import { directoryOf, write } from "../../support/directory.ts"
import { codeIn, files, memoOf, packaged, replaced } from "../../support/fit-project.ts"

const memoIn = (directory: string) =>
  JSON.parse(Option.getOrThrow(unseal(memoKind, readFileSync(memoOf(directory), "utf8")))) as {
    readonly codes: { readonly [id: string]: { digest: string } }
  }

/** Prints the digest as a new process finds it: Node reads a package.json once. */
const asking = `import { Effect } from "@/node_modules/effect/dist/index.js"
import { fingerprints } from "@/pipeline/code/fingerprint.ts"
const at = (file) => new URL(file, import.meta.url)
const prints = fingerprints(at("./.memo/fingerprints.json").pathname)
console.log((await Effect.runPromise(prints.ofExport(at("./fit.ts").href, "fit"))).digest)
`
const askedIn = async (directory: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [join(directory, "ask.mjs")])).stdout.trim()

describe("the memo", () => {
  const poisoned = "f".repeat(64)
  const poison = (directory: string): void => {
    const memo = memoIn(directory)
    for (const known of Object.values(memo.codes)) known.digest = poisoned
    writeFileSync(memoOf(directory), seal(memoKind, JSON.stringify(memo)))
  }

  it("is believed as long as the files are as they were: nothing is bundled again", async () => {
    const directory = directoryOf(files)
    const { digest } = await codeIn(directory)
    expect(digest).not.toBe(poisoned)
    poison(directory)
    expect((await codeIn(directory)).digest).toBe(poisoned)
  })

  it("is not believed once a file of the closure changed", async () => {
    const directory = directoryOf(files)
    const { digest } = await codeIn(directory)
    poison(directory)
    // Not yet looked at by this process, which reads each file once.
    write(directory, replaced("deep.ts", "40", "44"))
    const after = (await codeIn(directory)).digest
    expect([digest, poisoned]).not.toContain(after)
  })

  it("is not believed once package.json leads an import elsewhere", async () => {
    const [before, after] = ["deep", "other"].map((to) => ({
      "package.json": `{ "imports": { "#constant": "./${to}.ts" } }`,
    }))
    const directory = directoryOf({
      ...files,
      ...before,
      ...replaced("helper.ts", "./constants.ts", "#constant"),
      "other.ts": "export const constant = 1\n",
      "ask.mjs": asking,
    })
    const first = await askedIn(directory)
    expect(await askedIn(directory)).toBe(first)
    write(directory, after!)
    expect(await askedIn(directory)).not.toBe(first)
  })

  it("is not believed once a package is nearer", async () => {
    const directory = directoryOf({
      ...files,
      ...replaced("helper.ts", "import", `import { heavy } from "heavy"\nimport`),
      "helper/place": "",
    })
    write(directory, {
      "helper.ts": readFileSync(join(directory, "helper.ts"), "utf8").replace("x + constant", "x + constant + heavy"),
    })
    const { digest } = await codeIn(directory)
    expect((await codeIn(directory)).digest).toBe(digest)
    const moved = directoryOf({
      ...files,
      "inner/package.json": "{}",
      ...replaced("fit.run.ts", "./helper.ts", "./inner/helper.ts"),
      "inner/helper.ts": `import { heavy } from "heavy"\nexport const helper = (x) => x + heavy\n`,
    })
    const before = await codeIn(moved)
    write(moved, packaged("heavy", "5.0.0", {}, "inner/"))
    const after = await codeIn(moved)
    expect(after.digest).not.toBe(before.digest)
    expect(after.packages).toHaveProperty("heavy", expect.stringMatching(/^5\.0\.0 /))
  })

  it("is not believed once a require() would find another file first", async () => {
    const directory = directoryOf({
      ...files,
      ...replaced(
        "fit.run.ts",
        `import { helper } from "./helper.ts"`,
        `import helped from "./helped.cjs"\nconst { helper } = helped`,
      ),
      "helped.cjs": `module.exports.helper = require("./part")\n`,
      "part/index.js": "module.exports = (x) => x\n",
      "ask.mjs": asking,
    })
    const first = await askedIn(directory)
    expect(await askedIn(directory)).toBe(first)
    write(directory, { "part.js": "module.exports = (x) => x + 1\n" })
    expect(await askedIn(directory)).not.toBe(first)
  })

  it("is of no use where it is damaged, and is written anew", async () => {
    for (const damage of ["", "{", "[]", `{"fit.ts#fit":{}}`]) {
      const directory = directoryOf(files)
      const { digest } = await codeIn(directory)
      writeFileSync(memoOf(directory), damage)
      expect((await codeIn(directory)).digest).toBe(digest)
      expect(statSync(memoOf(directory)).size).toBeGreaterThan(100)
    }
  })

  it("is not believed with a digit of a digest changed", async () => {
    const directory = directoryOf(files)
    const { digest } = await codeIn(directory)
    const text = readFileSync(memoOf(directory), "utf8")
    writeFileSync(memoOf(directory), text.replace(digest, `${digest.startsWith("0") ? "1" : "0"}${digest.slice(1)}`))
    expect((await codeIn(directory)).digest).toBe(digest)
  })

  it("keeps what it knows of other stages", async () => {
    const directory = directoryOf(files)
    await codeIn(directory, "fit")
    await codeIn(directory, "other")
    expect(Object.keys(memoIn(directory).codes).sort()).toEqual([
      expect.stringMatching(/^fit\.ts#fit\b/),
      expect.stringMatching(/^fit\.ts#other\b/),
    ])
  })
})
