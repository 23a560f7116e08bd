// What of a module's doings is found, what is not, and that a name counts by what it means where it stands.
import { describe, expect, it } from "vitest"
import { unseenIn } from "../../../pipeline/code/unseen.ts"

const found = (code: string): ReadonlyArray<string> => unseenIn(code).map(({ kind, what, variable }) => [kind, variable ?? what].join(" "))

describe("it is found that code", () => {
  const cases: { readonly [what: string]: ReadonlyArray<readonly [code: string, ...found: ReadonlyArray<string>]> } = {
    "imports by a computed name": [
      ["await import(name)", "Import import()"],
      ["await import(`./${name}.ts`)", "Import import()"],
    ],
    requires: [
      [`import { createRequire } from "node:module"; const load = createRequire("/")`, "Require node:module.createRequire"],
      [`require(name)`, "Require require"],
      [`import { t as __require } from "./runtime.js"; __require("onnx-proto")`, "Require require"],
    ],
    "starts other code": [
      [`new Worker("./x.js")`, "Process Worker"],
      [`import { Worker } from "node:worker_threads"; new Worker("./x.js")`, "Process node:worker_threads.Worker"],
      [`import { fork as start } from "child_process"; start("./x.js")`, "Process node:child_process.fork"],
      [`import * as processes from "node:child_process"; processes.execSync("date")`, "Process node:child_process.execSync"],
    ],
    "reads files": [
      [`import { readFileSync } from "node:fs"; readFileSync("x")`, "File node:fs.readFileSync"],
      [`import fs from "fs"; fs.promises.readFile("x")`, "File node:fs.promises.readFile"],
      [`import { readFile } from "fs/promises"; const read = readFile`, "File node:fs.promises.readFile"],
      [`const { readFileSync: read } = await import("node:fs")`, "File node:fs.readFileSync"],
      [`(await import("node:fs")).default.readFileSync("x")`, "File node:fs.readFileSync"],
      [`__require("fs").readFileSync("x")`, "File node:fs.readFileSync"],
      [`import { default as fs } from "node:fs"; fs.readFileSync("x")`, "File node:fs.readFileSync"],
    ],
    "looks beside itself": [
      [`new URL("./x", import.meta.url)`, "Beside import.meta.url"],
      [`join(import.meta.dirname, "x")`, "Beside import.meta.dirname"],
      [`find(import.meta)`, "Beside import.meta"],
    ],
    "reads the environment": [
      [`process.env.HOME`, "Environment HOME"],
      [`process?.env["HOME"]`, "Environment HOME"],
      ["globalThis.process.env[`HOME`]", "Environment HOME"],
      [`const { HOME, [other]: x } = process.env`, "Environment HOME", "Environment process.env"],
      [`process.env[name]`, "Environment process.env"],
      [`const all = { ...process.env }`, "Environment process.env"],
      [`import { env } from "node:process"; env.HOME`, "Environment HOME"],
      [`import { Config } from "effect"; Config.String("HOME")`, "Environment HOME"],
      [`import * as Config from "effect/Config"; Config.schema(codec, "HOME")`, "Environment HOME"],
    ],
    "asks for the time": [
      [`Date.now()`, "Time Date.now"],
      [`new Date()`, "Time Date"],
      [`Date()`, "Time Date"],
      [`const clock = Date.now`, "Time Date.now"],
      [`performance.now()`, "Time performance.now"],
      [`process.hrtime.bigint()`, "Time process.hrtime.bigint"],
      [`import { Clock } from "effect"; Clock.currentTimeMillis`, "Time effect.Clock.currentTimeMillis"],
    ],
    "draws by chance": [
      [`Math["random"]()`, "Chance Math.random"],
      [`const { random } = Math`, "Chance Math.random"],
      [`crypto.randomUUID()`, "Chance crypto.randomUUID"],
      [`import { randomBytes } from "node:crypto"; randomBytes(8)`, "Chance node:crypto.randomBytes"],
      [`import { webcrypto } from "node:crypto"; webcrypto.getRandomValues(x)`, "Chance node:crypto.webcrypto.getRandomValues"],
    ],
    "makes code from text": [
      [`(0, eval)(text)`, "Text eval"],
      [`new Function("x", text)`, "Text Function"],
      [`import vm from "node:vm"; vm.runInThisContext(text)`, "Text node:vm.runInThisContext"],
    ],
    "asks the network": [
      [`fetch("http://localhost")`, "Network fetch"],
      [`import { request } from "node:https"; request(url)`, "Network node:https.request"],
    ],
    "asks where it runs": [
      [`import os from "node:os"; os.cpus()`, "Machine node:os.cpus"],
      [`process.cwd()`, "Machine process.cwd"],
    ],
    "keeps something between nodes": [
      [`let count = 0; export const run = () => { count += 1 }`, "State an assignment"],
      [`var count = 0; function run() { count++ }`, "State an assignment"],
      [`{ var count = 0 } const run = () => { count -= 1 }`, "State an assignment"],
      [`let a, b; const run = ([x]) => { [a, b] = x }`, "State an assignment"],
    ],
  }
  for (const [what, each] of Object.entries(cases)) {
    it(what, () => {
      for (const [code, ...expected] of each) expect(found(code), code).toEqual(expected)
    })
  }
})

describe("nothing is found in", () => {
  const cases: { readonly [what: string]: ReadonlyArray<string> } = {
    "an import of a written name": [`import("effect")`, "import(`effect`)"],
    "what is only declared or only a function of its arguments": [
      `import { createHash } from "node:crypto"; createHash("sha256")`,
      `import { join } from "node:path"; join("a", "b")`,
      `new Date(0); Date.UTC(2000); x instanceof Date; x instanceof Function`,
      `import { Config } from "effect"; Config.withDefault(size, "HOME")`,
      `process.platform`,
      `const path = require("node:path")`,
    ],
    "a stage's word for its own module": [`const fit = stage(import.meta, "fit", {})`, `const fit = stage$1(import.meta, "fit", {})`],
    "a local of the same name": [
      `const run = (process) => process.env.HOME`,
      `const run = () => { const Date = { now: () => 0 }; return Date.now() }`,
      `function fetch() {} fetch()`,
      `{ let Math = seeded; Math.random() }`,
      `for (const fetch of all) fetch()`,
      `try { f() } catch (performance) { performance.now() }`,
      `const run = () => { if (x) { var fetch = y } class Worker {} return [fetch(), new Worker()] }`,
      `import { readFileSync } from "node:fs"; const run = (readFileSync) => readFileSync("x")`,
      `const run = ({ crypto: [performance = 1] }, ...fetch) => [performance, fetch]`,
    ],
    "a member, a key or a label of the same name": [`params.process.env; const x = { fetch: 1, Date: { now: 2 } }; x.fetch; class A { eval() {} performance = 1 }`, `fetch: for (;;) break fetch`],
    "variables that stay in a function, are set as the module loads, or are made once": [
      `const run = () => { let count = 0; count += 1 }`,
      `let count = 0; count = 1`,
      `let table; const get = () => (table ??= make())`,
    ],
  }
  for (const [what, each] of Object.entries(cases)) {
    it(what, () => {
      for (const code of each) expect(found(code), code).toEqual([])
    })
  }
})

it("a name counts again where the local of that name ends", () => {
  expect(found(`const run = () => { { const fetch = 1 } return fetch("x") }`)).toEqual(["Network fetch"])
  expect(found(`const f = (Date) => Date.now(); const g = () => Date.now()`)).toEqual(["Time Date.now"])
})
