// What changes the identity of some code, and what does not; which packages it reaches; and what is remembered.
import { Effect, Option } from "effect"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { seal, unseal } from "../../../cache/seal.ts"
import { fingerprints, type Code } from "../../../pipeline/code/fingerprint.ts"
import { directoryOf, write } from "../../support/directory.ts"

/** A package with one module. */
const packaged = (name: string, version: string, rest: object = {}, below = "") => ({
  [`${below}node_modules/${name}/package.json`]: JSON.stringify({ name, version, ...rest }),
  [`${below}node_modules/${name}/index.js`]: `exports.${name} = "${name}"`,
})
const packages = {
  ...packaged("heavy", "1.0.0", { dependencies: { light: "1" } }),
  ...packaged("light", "1.2.3"),
  ...packaged("spare", "2.0.0"),
  ...packaged("unused", "9.0.0"),
}

/** A stage `fit` with a body, a helper, a constant behind a re-export, and data. */
const files = {
  ".memo/place": "",
  "package.json": `{ "optionalDependencies": { "spare": "2" } }`,
  ...packages,
  "fit.ts": `import { stage, Json } from "@/pipeline/stage.ts"
import { Schema } from "effect"
export const fit = stage(import.meta, "fit", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./fit.run.ts"),
})
export const other = stage(import.meta, "other", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./other.run.ts"),
})
`,
  "fit.run.ts": `import { helper } from "./helper.ts"
import data from "./data.json" with { type: "json" }
import "./effectful.ts"
import { registered } from "./registry.ts"
import type { Shape } from "./shape.ts"
export const run = (given: { params: object }): unknown => {
  const doubled = helper(2) * data.factor + registered.length
  return [given, doubled as Shape]
}
export const extra = 1
`,
  "other.run.ts": `export const run = () => 1\n`,
  "helper.ts":
    `import { constant } from "./constants.ts"\nexport const helper = (x: number): number => x + ` +
    `constant\nexport const unusedHelper = (x: number): number => x\n`,
  "constants.ts": `export { constant } from "./deep.ts"\nexport const another = 5\n`,
  "deep.ts": `export const constant = 40\nexport const neighbour = 41\n`,
  "data.json": `{ "factor": 3, "spare": 4 }`,
  "effectful.ts": `import { Effect } from "effect"
import { registered } from "./registry.ts"
registered.push(1)
Effect.runSync(Effect.sync(() => { registered.push(7) }))
`,
  "registry.ts": "export const registered: Array<number> = []\n",
  "shape.ts": `export type Shape = number\n`,
}

const memoIn = (directory: string) =>
  JSON.parse(Option.getOrThrow(unseal("fingerprints 3", readFileSync(memoOf(directory), "utf8")))) as {
    readonly codes: { readonly [id: string]: { digest: string } }
  }
const memoOf = (directory: string): string => join(directory, ".memo/fingerprints.json")
const codeIn = (directory: string, name = "fit", optional: ReadonlyArray<string> = []): Promise<Code> => {
  const prints = fingerprints(memoOf(directory))
  const module = pathToFileURL(join(directory, `fit.ts`)).href
  if (optional.length === 0) return Effect.runPromise(prints.ofExport(module, name))
  return Effect.runPromise(prints.of({ module, name, optionalPackages: () => optional } as never, {}))
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

/** The digest after some files were written over. */
const digestWith = async (changed: { readonly [path: string]: string } = {}, name = "fit"): Promise<string> =>
  (await codeIn(directoryOf({ ...files, ...changed }), name)).digest

/** The digest of the files as they stand above. */
let asTheyAre: Promise<string> | undefined
const digest = (): Promise<string> => (asTheyAre ??= digestWith())

const replaced = (path: keyof typeof files, from: string | RegExp, to: string): { readonly [path: string]: string } => {
  const text = files[path].replace(from, to)
  if (text === files[path]) throw new Error(`${path} has no ${String(from)}`)
  return { [path]: text }
}

describe("the fingerprint of a stage", () => {
  const free = {
    "a comment": replaced("fit.run.ts", "const doubled", "// why\n  /** @internal */ const doubled"),
    "its layout": replaced("helper.ts", "=> x + constant", "=>\n\n    x   +   constant;"),
    "a type": {
      ...replaced("shape.ts", "number", "unknown"),
      ...replaced("helper.ts", "(x: number): number => x +", "(x: number): unknown => x +"),
    },
    "the name of a local": replaced("fit.run.ts", /doubled/g, "twice"),
    "an export of a helper's module that nobody uses": replaced("helper.ts", "=> x\n", "=> x * 2\n"),
    "a constant nobody uses, two imports away": replaced("deep.ts", "41", "42"),
    "another export of the body's module": replaced("fit.run.ts", "extra = 1", "extra = 2"),
    "another stage of the same file": replaced("fit.ts", `"other", {`, `"other", { random: true,`),
    "the body of another stage": replaced("other.run.ts", "1", "2"),
  }
  for (const [what, changed] of Object.entries(free)) {
    it(`does not change with ${what}`, async () => {
      expect(await digestWith(changed)).toBe(await digest())
    })
  }

  const meaningful = {
    "its body": replaced("fit.run.ts", "helper(2)", "helper(3)"),
    "its declaration": replaced("fit.ts", `"fit", {`, `"fit", { random: true,`),
    "the name of a helper": {
      ...replaced("helper.ts", /\bhelper\b/g, "assist"),
      ...replaced("fit.run.ts", /\bhelper\b(?!\.ts)/g, "assist"),
    },
    "a helper": replaced("helper.ts", "x + constant", "x - constant"),
    "a constant behind a re-export, two imports away": replaced("deep.ts", "40", "43"),
    "where a re-export leads": replaced("constants.ts", "{ constant }", "{ neighbour as constant }"),
    "the data it imports": replaced("data.json", "3", "5"),
    "what an imported module does when it is loaded": replaced("effectful.ts", "push(1)", "push(2)"),
    "an effect that an imported module runs when it is loaded": replaced("effectful.ts", "push(7)", "push(8)"),
    "the order of an operation": replaced("fit.run.ts", "[given, doubled as Shape]", "[doubled as Shape, given]"),
  }
  for (const [what, changed] of Object.entries(meaningful)) {
    it(`changes with ${what}`, async () => {
      expect(await digestWith(changed)).not.toBe(await digest())
    })
  }

  // Node runs every file that is imported, whatever is said of it.
  const loaded: { readonly [what: string]: (effect: number) => { readonly [path: string]: string } } = {
    "what a file does that package.json calls free of effects": (effect) => ({
      "package.json": `{ "sideEffects": false }`,
      ...replaced("effectful.ts", "push(7)", `push(${effect})`),
    }),
    "a call that a comment calls pure": (effect) =>
      replaced(
        "effectful.ts",
        "registered.push(1)",
        `/* @__PURE__ */ Object.assign(registered, { length: ${effect} })`,
      ),
  }
  for (const [what, changed] of Object.entries(loaded)) {
    it(`changes with ${what}`, async () => {
      expect(await digestWith(changed(8))).not.toBe(await digestWith(changed(9)))
    })
  }

  it("does not change with the spec in the same file", async () => {
    const [one, two] = [1, 2].map((nodes) =>
      replaced(
        "fit.ts",
        "export const other",
        `import { spec } from "@/pipeline/spec.ts"\nexport default spec({ nodes: () => ${nodes} })\nexport const other`,
      ),
    )
    expect(await digestWith(one)).toBe(await digestWith(two))
  })

  const asNodeLoads =
    "is of the code as Node loads it: with modules imported for a name that nobody uses, and without a tsconfig"
  it(asNodeLoads, async () => {
    const effectful =
      `export const name = 1\nclass Field { x: number | undefined }\nexport const field = new ` +
      `Field()\n${files["effectful.ts"]}`
    const importing = {
      ...replaced("fit.run.ts", `import "./effectful.ts"`, `import { name } from "./effectful.ts"`),
      "effectful.ts": effectful,
    }
    const before = await digestWith(importing)
    expect(await digestWith({ ...importing, "effectful.ts": effectful.replace("push(7)", "push(8)") })).not.toBe(before)
    expect(
      await digestWith({
        ...importing,
        "tsconfig.json": `{ "compilerOptions": { "useDefineForClassFields": false } }`,
      }),
    ).toBe(before)
  })

  it("is not that of another stage", async () => {
    expect(await digestWith({}, "other")).not.toBe(await digest())
  })

  it("is the same wherever the project lies", async () => {
    expect(await digestWith()).toBe(await digest())
  })
})

describe("the packages of a stage", () => {
  const using: { [path: string]: string } = {
    ...replaced("helper.ts", "import", `import { heavy } from "heavy/deep"\nimport { spare } from "spare"\nimport`),
  }
  using["helper.ts"] = using["helper.ts"]!.replace("x + constant", "heavy(x) + spare + constant")

  it("are those it imports and all they reach, with version and the digest of their files", async () => {
    const { imports, packages } = await codeIn(directoryOf({ ...files, ...using }))
    expect(imports).toEqual(["effect", "heavy", "spare"])
    expect(packages).toMatchObject({
      heavy: expect.stringMatching(/^1\.0\.0 [0-9a-f]{64}$/),
      light: expect.stringMatching(/^1\.2\.3 /),
    })
  })

  it("count optional ones only where the params say that they are used", async () => {
    const directory = directoryOf({ ...files, ...using })
    expect((await codeIn(directory, "fit", ["spare"])).packages).toMatchObject({
      heavy: expect.stringMatching(/^1/),
      light: expect.stringMatching(/^1/),
      spare: expect.stringMatching(/^2\.0\.0 /),
    })
  })

  it("do not count where what imports them is not used, or is a type", async () => {
    const unusedHelper = replaced("helper.ts", "number => x\n", "number => unused(x)\n")["helper.ts"]!
    const directory = directoryOf({
      ...files,
      "helper.ts":
        `import { unused } from "unused"\nimport type { Heavy } from "heavy"\nexport type H = ` +
        `Heavy\n${unusedHelper}`,
    })
    expect(Object.keys((await codeIn(directory)).packages)).not.toContain("heavy")
  })
})

describe("the memo", () => {
  const poisoned = "f".repeat(64)
  const poison = (directory: string): void => {
    const memo = memoIn(directory)
    for (const known of Object.values(memo.codes)) known.digest = poisoned
    writeFileSync(memoOf(directory), seal("fingerprints 3", JSON.stringify(memo)))
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
