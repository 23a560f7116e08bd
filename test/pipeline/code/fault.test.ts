// Code that a stage cannot be made of is told with its file, line and column, what is wrong and what there is instead.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { bundle } from "../../../pipeline/code/bundle.ts"
import { CodeFault } from "../../../pipeline/code/fault.ts"
import { bundled, type Files } from "../../support/bundled.ts"
import { directoryOf } from "../../support/directory.ts"

const using = (imports: string): string => `// A body.\n${imports}\nexport const value = () => x\n`

const faults: { readonly [what: string]: readonly [Files, RegExp] } = {
  "a text that does not parse": [
    { "main.ts": "export const value = ;" },
    /main\.ts:1:22: This code does not parse: Unexpected token\.$/,
  ],
  "a bracket that is missing": [
    { "main.ts": "export const value = () => {\n" },
    /main\.ts:2:1: This code does not parse: Expected `}` but found/,
  ],
  "a file that is not there": [
    { "main.ts": using(`import { x } from "./nope.ts"`) },
    /main\.ts:2:1: \.\/nope\.ts leads to no file\.$/,
  ],
  "an ending that is missing": [
    { "main.ts": using(`import { x } from "./x"`), "x.ts": "" },
    /main\.ts:2:1: \.\/x leads to no file\. There is \.\/x\.ts\.$/,
  ],
  "another ending": [
    { "main.ts": using(`import { x } from "./x.js"`), "x.ts": "" },
    /x\.js leads to no file\. There is \.\/x\.ts\.$/,
  ],
  "a folder": [
    { "main.ts": using(`import { x } from "./sub"`), "sub/index.ts": "" },
    /\.\/sub is a folder\. There is \.\/sub\/index\.ts\.$/,
  ],
  "a name of its own imports that leads nowhere": [
    { "main.ts": using(`import { x } from "#x"`) },
    /main\.ts:2:1: #x leads to no file/,
  ],
  "an export that a module does not have": [
    { "main.ts": using(`import { x } from "./y.ts"`), "y.ts": "export const y = 1\nexport const z = 2" },
    /main\.ts:2:1: \.\/y\.ts does not export x\. It exports y, z\.$/,
  ],
  "an export behind another module": [
    { "main.ts": using(`import { x } from "./y.ts"`), "y.ts": `export * from "./z.ts"`, "z.ts": "export const z = 1" },
    /does not export x\. It exports z\.$/,
  ],
  "a default export that is not there": [
    { "main.ts": using(`import x from "./y.ts"`), "y.ts": "export const y = 1" },
    /does not export default\. It exports y\.$/,
  ],
  "JSON that is none": [
    { "main.ts": using(`import x from "./x.json" with { type: "json" }`), "x.json": "{ x: 1 }" },
    /x\.json:1:1: This is not JSON: /,
  ],
  "a name of JSON": [
    { "main.ts": using(`import { x } from "./x.json" with { type: "json" }`), "x.json": `{ "x": 1 }` },
    /\.\/x\.json is JSON, which has only a default export, no x\.$/,
  ],
  "a file that is no code": [
    { "main.ts": using(`import x from "./x.wasm"`), "x.wasm": "" },
    /x\.wasm:1:1: Node does not load a \.wasm file as code\. Declare it as a source/,
  ],
  "an enum": [{ "main.ts": using("enum x { A }") }, /main\.ts:2:1: An enum is more than a type.* `as const`\.$/],
  "an enum inside a function": [
    { "main.ts": "export const value = () => {\n  enum T { A = Date.now() }\n}" },
    /main\.ts:2:3: An enum/,
  ],
  "an enum of another file": [
    { "main.ts": using(`import { x } from "./x.ts"`), "x.ts": "export enum x { A }" },
    /x\.ts:1:8: An enum/,
  ],
  "a namespace": [{ "main.ts": using("namespace x { export const y = 1 }") }, /main\.ts:2:1: A namespace with values/],
  "a member declared by a parameter": [
    { "main.ts": using("class x { constructor(readonly t = 1) {} }") },
    /main\.ts:2:23: A parameter that declares a member .* Declare the member, and set it/,
  ],
  "a decorator": [{ "main.ts": using("const d = (x: unknown) => x\n@d class x {}") }, /main\.ts:3:1: A decorator/],
  "an import of a require": [{ "main.ts": using(`import x = require("./x")`) }, /An `import … =`/],
}

describe("is refused by its place:", () => {
  for (const [what, [files, said]] of Object.entries(faults)) {
    it(what, async () => {
      const fault = await bundled(files).then(
        () => undefined,
        (cause: unknown) => cause,
      )
      expect(fault).toBeInstanceOf(CodeFault)
      expect((fault as CodeFault).message).toMatch(said)
    })
  }
})

describe("is no fault:", () => {
  const fine: { readonly [what: string]: Files } = {
    "an import that nobody uses": { "main.ts": `import { x } from "./nope.ts"\nexport const value = 1` },
    "an import of a type": { "main.ts": `import type { X } from "./nope.ts"\nexport const value = (x: X) => x` },
    "what a type alone is made of": {
      "main.ts": "declare enum E { A }\ndeclare namespace N { const x: number }\nexport const value = 1",
    },
    "a namespace of types": {
      "main.ts": "namespace N { export type X = number; export interface Y {} }\nexport const value = 1",
    },
    "a member that is read only": { "main.ts": "class A { readonly t = 1 }\nexport const value = new A().t" },
    "a file that a value asks for late, and may miss": {
      "main.ts": `export const value = () => import("./nope.ts").catch(() => 1)`,
    },
    "JSON with a mark of its byte order": {
      "main.ts": `import x from "./x.json" with { type: "json" }\nexport const value = x.a`,
      "x.json": `\ufeff{ "a": 1 }`,
    },
    "a mail address in a text": { "main.ts": `export const value = "a@b"` },
  }
  for (const [what, files] of Object.entries(fine)) {
    it(what, async () => {
      await expect(bundled(files)).resolves.toHaveProperty("text")
    })
  }

  it("a folder that is called like a file", async () => {
    const directory = directoryOf({
      "package.json": `{ "type": "module" }`,
      "main.ts": using(`import { x } from "./x.ts"`),
    })
    mkdirSync(join(directory, "x.ts"))
    await expect(bundle(join(directory, "main.ts"), "value", directory)).rejects.toThrow(/x\.ts is a folder/)
  })
})
