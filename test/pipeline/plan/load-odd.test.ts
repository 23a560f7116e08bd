// Specs that give or throw what nobody expects: each is one sentence with the file and, where it is known, the line,
// and none ends the process. Loaded by Node itself, as the command line does it.
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { project, write } from "../../support/directory.ts"

const head = `import { spec, setting } from "@/pipeline/spec.ts"
import { node } from "@/pipeline/node.ts"
import { Schema } from "@/node_modules/effect/dist/index.js"
import { given, cap } from "@/test/support/arithmetic.ts"
const page = () => ({ title: "", lead: [], figures: [], render: () => Promise.reject(new Error("no page")) })
const checks = () => []
const nodes = () => [node(given, { value: 1 }, {})]
const unread = (error) => Object.defineProperty(error, "message", { get() { throw error } })
const round = (error) => Object.assign(error, { cause: error })
` // nine lines
const specOf = (rest: string): string => `${head}export default spec({ config: {}, nodes, checks, page, ${rest} })\n`

const notBuilt = (says: string): string => `does not build its nodes: ${says}`
const nothingThere = "which is not allowed there; give nodes, outputs of nodes, or lists and records of these"
const forms: ReadonlyArray<readonly [text: string, says: string]> = [
  [specOf("nodes: async () => nodes()"), notBuilt(`nodes(…) is a Promise, ${nothingThere}`)],
  [specOf("nodes: async () => { throw new Error('x') }"), notBuilt(`nodes(…) is a Promise, ${nothingThere}`)],
  [specOf("nodes: () => [Promise.reject(1), Promise.reject(2)]"), notBuilt("nodes(…)[0] is a Promise, ")],
  [specOf("nodes: () => new Map([['a', nodes()]])"), notBuilt("nodes(…) is a Map, ")],
  [specOf("nodes: () => ({ a: undefined })"), notBuilt("nodes(…).a is undefined, ")],
  [
    specOf("nodes: () => [node(given, { value: 1 }, {}).out.nope]"),
    notBuilt("nodes(…)[0] is nope, which is not an output of given"),
  ],
  [specOf("nodes: () => node(cap, { limit: 1 }, {})"), "cap takes term (json), one output, but got nothing. ("],
  [specOf("checks: async () => []"), notBuilt("checks(…) is a Promise, ")],
  [specOf("checks: () => [undefined]"), notBuilt("checks(…)[0] is undefined, ")],
  [specOf("page: async () => page()"), notBuilt("page(…) is a Promise, ")],
  [specOf("page: () => ({ ...page(), figures: undefined })"), notBuilt("page(…).figures is undefined, ")],
  ...["nodes", "checks", "page"].flatMap((part): ReadonlyArray<readonly [string, string]> => [
    [specOf(`${part}: () => { throw { odd: 1 } }`), notBuilt("{ odd: 1 }")],
    [specOf(`${part}: () => { throw undefined }`), notBuilt("undefined")],
    [specOf(`${part}: () => { throw "only a text" }`), notBuilt("only a text")],
    [specOf(`${part}: () => { throw unread(new Error("x")) }`), notBuilt("its message cannot be read")],
    [specOf(`${part}: () => { throw round(new RangeError("x")) }`), notBuilt("x (line 10)")],
    [specOf(`${part}: () => { throw Object.assign(new Error("x"), { stack: 5 }) }`), notBuilt("x")],
    [
      specOf(`${part}: () => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }`),
      notBuilt(""),
    ],
  ]),
  [`${head}throw { odd: 1 }\n`, "does not load: { odd: 1 }"],
  [`${head}throw null\n`, "does not load: null"],
  [`${head}throw round(new Error("x"))\n`, "does not load: x (line 10)"],
  [
    specOf("config: { a: setting(Schema.Int, 1, ''), get b() { throw { odd: 1 } } }"),
    "does not build its nodes: { odd: 1 }",
  ],
  [
    specOf("nodes: () => { Promise.reject(new Error('x')); return nodes() }"),
    "starts a promise that fails, and does not await it: x (line 10). Await it, or remove it.",
  ],
  [
    `${head}Promise.reject(new Error("x"))\n${specOf("").slice(head.length)}`,
    "starts a promise that fails, and does not await it: x (line 10).",
  ],
  [
    `${specOf("")}export const late = (async () => { throw { odd: 1 } })()\n`,
    "starts a promise that fails, and does not await it: { odd: 1 }.",
  ],
]

let directory = ""
let answers: ReadonlyArray<readonly [tag: string, message: string]> = []
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "load-"))
  write(directory, Object.fromEntries(forms.map(([text], i) => [`${i}.ts`, text])))
  mkdirSync(join(directory, "folder.ts"))
  execFileSync("mkfifo", [join(directory, "pipe.ts")])
  symlinkSync("pipe.ts", join(directory, "link.ts"))
  symlinkSync("nowhere.ts", join(directory, "nowhere-link.ts"))
  const script = `
    import { Effect } from "effect"
    import { load } from "${project}pipeline/plan/load.ts"
    const answers = []
    for (const name of ${JSON.stringify([...forms.map((_, i) => `${i}.ts`), ...odd.map(([name]) => name)])})
      answers.push(await Effect.runPromise(Effect.match(load("${directory}/" + name, {}), {
        onSuccess: () => ["loaded", ""],
        onFailure: ({ _tag, message }) => [_tag, message],
      })))
    console.log(JSON.stringify(answers))`
  answers = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: project,
      encoding: "utf8",
      timeout: 20_000,
    }),
  ) as typeof answers
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const odd: ReadonlyArray<readonly [name: string, says: string]> = [
  ["folder.ts", "folder.ts is a folder, but a spec is a file, such as specs/paper.ts."],
  ["pipe.ts", "pipe.ts is a pipe, but a spec is a file, such as specs/paper.ts."],
  ["link.ts", "link.ts is a pipe, but a spec is a file, such as specs/paper.ts."],
  ["nowhere-link.ts", "There is no spec file nowhere-link.ts."],
]

describe("a spec", () => {
  it.each(forms.map(([text, says], i) => [i, text.split("\n").slice(9).join(" "), says] as const))(
    "%i: %s",
    (i, _, says) => {
      const [tag, message] = answers[i]!
      expect([tag, message.replaceAll(`${directory}/`, "")]).toEqual(["SpecError", expect.stringContaining(says)])
      expect(message).toContain(`${i}.ts`)
      expect(message).not.toMatch(/\n\s+at /)
    },
  )

  it.each(odd)("of the name %s is refused before it is opened", (name, says) => {
    const [tag, message] = answers[forms.length + odd.findIndex(([each]) => each === name)]!
    expect([tag, message.replaceAll(`${directory}/`, "")]).toEqual(["SpecError", says])
  })
})
