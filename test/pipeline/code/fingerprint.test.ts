// What changes the identity of some code, and what does not; and which packages it reaches.
import { describe, expect, it } from "vitest"
import { directoryOf } from "../../support/directory.ts"
import { codeIn, files, replaced } from "../../support/fit-project.ts"

/** The digest after some files were written over. */
const digestWith = async (changed: { readonly [path: string]: string } = {}, name = "fit"): Promise<string> =>
  (await codeIn(directoryOf({ ...files, ...changed }), name)).digest

/** The digest of the files as they stand above. */
let asTheyAre: Promise<string> | undefined
const digest = (): Promise<string> => (asTheyAre ??= digestWith())

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
