// Is some code still what its fingerprint says? While a node runs, while it is read, and where links lead to it.
import { Effect } from "effect"
import { rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"
import { replace } from "../../../cache/beside.ts"
import { fingerprints } from "../../../pipeline/code/fingerprint.ts"
import type { AnyStage } from "../../../pipeline/node.ts"
import { directoryOf, write } from "../../support/directory.ts"

const listed = (version: string) => ({ "node_modules/.package-lock.json": JSON.stringify({ packages: { "node_modules/spare": { version } } }) })
const files = {
  ".memo/place": "",
  "package.json": `{ "optionalDependencies": { "spare": "1" } }`,
  ...listed("1.0.0"),
  "fit.ts": `import { helper } from "./helper.ts"\nexport const fit = () => helper()\n`,
  "helper.ts": "export const helper = () => 1\n",
}
const edited = { "helper.ts": "export const helper = () => 2\n" }

/** The fingerprints of a stage `fit`, as a new process takes them. */
const fitIn = (directory: string) => {
  const prints = fingerprints(join(directory, ".memo/fingerprints.json"))
  const stage = { module: pathToFileURL(join(directory, "fit.ts")).href, name: "fit", optionalPackages: undefined } as unknown as AnyStage
  return { code: () => Effect.runPromise(prints.of(stage, {})), unchanged: () => Effect.runPromise(prints.unchanged(stage)) }
}
const digestIn = async (directory: string) => (await fitIn(directory).code()).digest

describe("a stage that runs", () => {
  const touched: { readonly [how: string]: ReadonlyArray<{ readonly [path: string]: string }> } = {
    "its code is edited and put back": [edited, { "helper.ts": files["helper.ts"] }],
    "npm installs meanwhile": [listed("1.0.1")],
  }
  for (const [how, writings] of Object.entries(touched)) {
    it(`has changed where ${how}, be its code bundled or remembered`, async () => {
      const directory = directoryOf(files)
      for (const fit of [fitIn(directory), fitIn(directory)]) {
        await fit.code()
        expect(await fit.unchanged()).toBe(true)
        await setTimeout(20) // longer than a tick of the file system's clock
        for (const writing of writings) write(directory, writing)
        expect(await fit.unchanged()).toBe(false)
        write(directory, files)
      }
    })
  }
})

describe("code that is saved while it is read", () => {
  it("has no fingerprint, and has one once it stands still", async () => {
    const directory = directoryOf(files)
    let saved = 0
    // As editors save: never half a file.
    const saving = setInterval(() => replace(join(directory, "helper.ts"), `export const helper = () => "${saved++}"\n`), 1)
    const error = await fitIn(directory).code().catch((cause: unknown) => cause).finally(() => clearInterval(saving))
    expect(error).toMatchObject({ _tag: "SpecError", reason: "CodeChanged", message: expect.stringContaining("fit in fit.ts was changed while it was read") as string })
    write(directory, edited)
    expect(await digestIn(directory)).toBe(await digestIn(directoryOf({ ...files, ...edited })))
  })
})

describe("code behind a link", () => {
  const engines = { "one/helper.ts": files["helper.ts"], "two/helper.ts": edited["helper.ts"] }
  const links = {
    "that is a file": { importing: "./helper.ts", link: "helper.ts", ends: ["one/helper.ts", "two/helper.ts"] },
    "that is a directory": { importing: "./engine/helper.ts", link: "engine", ends: ["one", "two"] },
  }
  for (const [what, { importing, link, ends }] of Object.entries(links)) {
    it(`is another once the link ${what} leads elsewhere`, async () => {
      const directory = directoryOf({ ...files, ...engines, "fit.ts": files["fit.ts"].replace("./helper.ts", importing) })
      const lead = (end: string) => {
        rmSync(join(directory, link), { force: true })
        symlinkSync(end, join(directory, link))
      }
      lead(ends[0]!)
      const fit = fitIn(directory)
      const { digest } = await fit.code()
      expect(await digestIn(directory)).toBe(digest)
      expect(await fit.unchanged()).toBe(true)
      lead(ends[1]!)
      expect(await fit.unchanged()).toBe(false)
      expect(await digestIn(directory)).not.toBe(digest)
    })
  }
})

describe("a package the project can do without", () => {
  it("counts for a stage that imports it and does not say when", async () => {
    const directory = directoryOf({ ...files, "helper.ts": `import { spare } from "spare"\nexport const helper = () => spare\n` })
    expect((await fitIn(directory).code()).packages).toEqual({ spare: "1.0.0" })
  })
})
