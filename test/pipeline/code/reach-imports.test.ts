// Where the imports of a stage's code lead, form by form: where Node says, and what is reached so is of the code.
import { describe, expect, it } from "vitest"
import { bundled, valueOf, type Files } from "../../support/bundled.ts"

describe("an import leads where Node says", () => {
  const forms: { readonly [form: string]: readonly [Files, unknown] } = {
    "a name": [{ "main.ts": `import { x } from "./x.ts"\nexport const value = x`, "x.ts": "export const x = 1" }, 1],
    "another name": [
      {
        "main.ts": `import { x as y } from "./x.ts"\nexport const value = y`,
        "x.ts": "const z = 1\nexport { z as x }",
      },
      1,
    ],
    "a default": [{ "main.ts": `import d from "./x.ts"\nexport const value = d`, "x.ts": "export default 1 + 1" }, 2],
    "a default that has a name": [
      {
        "main.ts": `import d from "./x.ts"\nexport const value = d()`,
        "x.ts": "export default function f() { return 2 }",
      },
      2,
    ],
    "all of a module": [
      {
        "main.ts": `import * as all from "./x.ts"\nexport const value = Object.keys(all)`,
        "x.ts": "export const b = 1\nexport const a = 2",
      },
      ["a", "b"],
    ],
    "one of all": [
      {
        "main.ts": `import * as all from "./x.ts"\nexport const value = all.b`,
        "x.ts": "export const b = 1\nexport const a = 2",
      },
      1,
    ],
    "a text that is a name": [
      {
        "main.ts": `import { "a-b" as x } from "./x.ts"\nexport const value = x`,
        "x.ts": `const z = 1\nexport { z as "a-b" }`,
      },
      1,
    ],
    "through a star": [
      {
        "main.ts": `import { x } from "./star.ts"\nexport const value = x`,
        "star.ts": `export * from "./x.ts"`,
        "x.ts": "export const x = 1\nexport const y = 2",
      },
      1,
    ],
    "through a star with a name": [
      {
        "main.ts": `import { all } from "./star.ts"\nexport const value = all.x`,
        "star.ts": `export * as all from "./x.ts"`,
        "x.ts": "export const x = 1",
      },
      1,
    ],
    "through two re-exports": [
      {
        "main.ts": `import { z } from "./a.ts"\nexport const value = z`,
        "a.ts": `export { y as z } from "./b.ts"`,
        "b.ts": `import { x } from "./x.ts"\nexport { x as y }`,
        "x.ts": "export const x = 1",
      },
      1,
    ],
    "to JSON": [
      {
        "main.ts": `import data from "./d.json" with { type: "json" }\nexport const value = data`,
        "d.json": `{ "a": [1], "__proto__": 2, "half": "\\ud800" }`,
      },
      JSON.parse(`{ "a": [1], "__proto__": 2, "half": "\\ud800" }`) as unknown,
    ],
    "to a file with a sign of percent": [
      { "main.ts": `import { x } from "./a%20b.ts"\nexport const value = x`, "a b.ts": "export const x = 1" },
      1,
    ],
    "to two of one file, told apart by a query": [
      {
        "main.ts":
          `import { list as a } from "./x.ts?v=1"\nimport { list as b } from "./x.ts?v=2"\na.push(1)\nexport ` +
          "const value = [a.length, b.length]",
        "x.ts": "export const list: number[] = []",
      },
      [1, 0],
    ],
    "later, by a text": [
      { "main.ts": `export const value = (await import("./x.ts")).x`, "x.ts": "export const x = 1" },
      1,
    ],
    "later, past a comment": [
      { "main.ts": `export const value = (await import(/* @vite-ignore */ "./x.ts")).x`, "x.ts": "export const x = 1" },
      1,
    ],
    "later, by a template": [
      { "main.ts": "export const value = (await import(`./x.ts`)).x", "x.ts": "export const x = 1" },
      1,
    ],
    "to CommonJS, as Node looks for files": [
      {
        "main.ts": `import c from "./c.cjs"\nexport const value = c.y`,
        "c.cjs": `exports.y = require("./y")`,
        "y.js": "module.exports = 'js'",
        "y.ts": "module.exports = 'ts'",
        "package.json": "{}",
      },
      "js",
    ],
    "from CommonJS to JSON and to a folder": [
      {
        "main.ts": `import c from "./c.cjs"\nexport const value = c`,
        "c.cjs": `module.exports = [require("./d.json").a, require("./folder")]`,
        "d.json": `{ "a": 1 }`,
        "folder/index.js": "module.exports = 2",
        "folder/package.json": "{}",
      },
      [1, 2],
    ],
    "by a name of package.json": [
      {
        "main.ts": `import { x } from "#inside"\nexport const value = x`,
        "package.json": `{
          "type": "module",
          "imports": { "#inside": { "module-sync": "./sync.ts", "default": "./x.ts" } }
        }`,
        "x.ts": "export const x = 1",
        "sync.ts": "export const x = 'sync'",
      },
      "sync",
    ],
    "by the project's own name": [
      {
        "main.ts": `import { x } from "mine/x"\nexport const value = x`,
        "package.json": `{ "type": "module", "name": "mine", "exports": { "./x": "./x.ts" } }`,
        "x.ts": "export const x = 1",
      },
      1,
    ],
    "in a circle": [
      {
        "main.ts": `import { b } from "./b.ts"\nexport const a = () => 1\nexport const value = b()`,
        "b.ts": `import { a } from "./main.ts"\nexport const b = () => a() + 1`,
      },
      2,
    ],
  }
  for (const [form, [files, value]] of Object.entries(forms)) {
    it(form, async () => {
      expect(await valueOf(files)).toEqual(value)
    })
  }

  it("and what is reached so counts, in each of these forms", async () => {
    const edited = Object.entries(forms).filter(
      ([form]) => !["all of a module", "to JSON", "to two of one file, told apart by a query"].includes(form),
    )
    for (const [form, [files]] of edited) {
      const target = ["x.ts", "a b.ts", "y.js", "folder/index.js", "sync.ts", "b.ts"].find(
        (file) => file in files && !(file === "x.ts" && "sync.ts" in files) && !(file === "b.ts" && "x.ts" in files),
      )!
      expect(
        await bundled({ ...files, [target]: files[target]!.replace(/1|2|'js'|'sync'/, "77") }).then(({ text }) => text),
        form,
      ).not.toBe((await bundled(files)).text)
    }
  })
})
