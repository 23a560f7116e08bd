// Specs and stages that give, throw, say and name what nobody expects, by whole processes: an exit code that says
// whose fault it is, one sentence, no stack, and a terminal that stays as it was.
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Project } from "../support/project.ts"

let project: Project
beforeAll(() => {
  project = new Project()
  mkdirSync(project.path("sub"))
})
afterAll(() => project[Symbol.dispose]())

const specOf = (
  parts: { readonly [part: string]: string },
  body = "Effect.succeed({ v: 1, row: { x: [1] } })",
): string => `
import { Effect, Schema } from "effect"
import { atMost, cell, check } from "../pipeline/check.ts"
import { map, node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Bytes, Json, Table } from "../pipeline/stage.ts"
export const a = stage(import.meta, "a", {
  params: Schema.Struct({}), inputs: {}, outputs: { v: Json, row: Table }, run: async () => ({ run: () => ${body} }),
})
export const b = stage(import.meta, "b", {
  params: Schema.Struct({}), inputs: { v: Json }, outputs: { v: Json },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ v: inputs.v }) }),
})
const page = {
  title: "Odd", lead: [], figures: [], render: async () => ({ page: async () => new Map([["index.html", ""]]) }),
}
export default spec({
  config: {},
  nodes: () => ${parts["nodes"] ?? "[node(a, {}, {})]"},
  checks: () => ${parts["checks"] ?? "[]"},
  page: () => (${parts["page"] ?? "page"}),
})
` // the spec's nodes are in line 17

const run = async (
  text: string,
  ...args: ReadonlyArray<string>
): Promise<readonly [code: number | null, said: string]> => {
  project.write("specs/odd.ts", text)
  const { code, out, err } = await project.run("run", "specs/odd.ts", ...args)
  expect(out + err).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  return [code, out + err]
}

/** Nothing that steers a terminal, or who reads along. */
const untouched = (said: string): void => {
  expect(said).not.toContain("\u001b")
  expect(said).not.toMatch(/^::/m)
}
const taken = (spec: string, other: string, folder: string) =>
  `The page of ${spec} would overwrite the page of ${other}: both go to ${folder}. Name another folder for one`

describe("before anything runs", () => {
  const mistakes: ReadonlyArray<readonly [parts: { readonly [part: string]: string }, says: RegExp]> = [
    [{ nodes: "[node(b, {}, {})]" }, /^b takes v \(json\), one output, but got nothing\. \(specs\/odd\.ts:19:\d+\)$/m],
    [{ nodes: "[node(b, {}, { v: node(a, {}, {}).out.row })]" }, /one output, but got the output row \(table\) of a\./],
    [{ nodes: "[node(a, {}, {}, { n: 'x\\u001b[31m' })]" }, /holds a character that cannot be printed: 'x\\x1B\[31m'/],
    [{ nodes: "Promise.reject(new Error('x'))" }, /does not build its nodes: nodes\(…\) is a Promise, which is not/],
    [{ nodes: "{ throw { odd: '\\u001b[31m' } }" }, /does not build its nodes: \{ odd: '\\x1B\[31m' \}/],
    [{ nodes: "{ throw new Error('\\u001b[31m\\n::error::forged') }" }, /nodes: \\u001b\[31m\n\\u003a:error::forged/],
    [
      { checks: "[check({ id: 'x' })]" },
      /checks\(…\)\[0\]\.claim is undefined, which is not allowed in a check; give a text/,
    ],
    [{ page: "Promise.resolve(page)" }, /page\(…\) is a Promise, which is not allowed in a page/],
  ]
  it.each(mistakes)("%o ends with 2", async (parts, says) => {
    const [code, said] = await run(specOf(parts))
    expect(said).toMatch(says)
    untouched(said)
    expect(code).toBe(2)
    expect(said).not.toContain("start")
  })
})

const forged = "::error file=x::forged ##[error]too"
/** A body, and how it is told to have failed; the stage is called aN. */
const bodies: ReadonlyArray<readonly [body: string, says: string]> = [
  ["Effect.sync(() => { const e = new Error('x'); e.cause = e; throw e })", "Error: x\n"],
  ["Effect.sync(() => { throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } }) })", "Error: "],
  ["Effect.sync(() => { Promise.reject(new Error('x')); return { v: 1, row: { x: [1] } } })", "Error: x\n"],
  ["Effect.succeed(undefined)", "the Effect of aN gives nothing, but must give a record of its outputs"],
  ["Effect.succeed({ v: 1, row: { x: [1] }, w: 2 })", "aN gives w, which it does not declare"],
  ["5", "the body of aN gives 5, but must give an Effect"],
  ["Effect.sync(() => { throw { odd: 1 } })", "{ odd: 1 }\n"],
  [
    `Effect.sync(() => { throw new Error('\\u001b[31mred\\r\\n${forged}') })`,
    `Error: \\u001b[31mred\r\n\\u003a:error file=x::forged #\\u0023[error]too\n`,
  ],
]

describe.each(["inline", "pool"])("bodies (%s)", (executor) => {
  const stages = bodies.map(([body], i) => {
    const outputs = `{ v: Json, row: Table }, run: async () => ({ run: () => ${body} })`
    const declared = `params: Schema.Struct({}), inputs: {}, outputs: ${outputs}`
    return `export const a${i} = stage(import.meta, "a${i}", { ${declared} })`
  })
  const nodes = `[${bodies.map((_, i) => `node(a${i}, {}, {})`).join(", ")}]`

  it("fail by name with 1, each in words, and steer no terminal", async () => {
    const [code, said] = await run(`${specOf({ nodes })}\n${stages.join("\n")}`, "--executor", executor)
    for (const [i, [, says]] of bodies.entries())
      expect(said).toContain(`failed  a${i}: ${says.replaceAll("aN", `a${i}`)}`)
    untouched(said)
    expect(code).toBe(1)
    const { out } = await project.run("logs", "specs/odd.ts", `a${bodies.length - 1}`)
    expect(out).toContain(String.raw`\u001b[31mred`)
    untouched(out)
  })
})

describe("a page", () => {
  const pages: ReadonlyArray<readonly [page: string, says: RegExp]> = [
    ["{ ...page, render: () => { throw { odd: 1 } } }", /cannot be drawn: \{ odd: 1 \}/],
    [
      "{ ...page, render: async () => undefined }",
      /cannot be drawn: its render gives nothing, but must give a module with/,
    ],
    ["{ ...page, render: async () => ({ page: async () => { throw new Error('x') } }) }", /cannot be drawn: x \(line/],
    [
      "{ ...page, render: async () => ({ page: () => ({}) }) }",
      /its page gives a record, but must give a Map from paths to files/,
    ],
    ["{ ...page, render: async () => ({ page: () => new Map([['a', 5]]) }) }", /its page gives 5 as the file 'a'/],
  ]
  it.each(pages)("that is %s costs no result, and ends with 2", async (page, says) => {
    const [code, said] = await run(specOf({ page }))
    expect(said).toMatch(says)
    expect(said).toMatch(/^1 node: /m)
    expect(code).toBe(2)
  })

  it("of another spec stays, and the run is refused before it begins", async () => {
    const text = specOf({})
    project.write("specs/base.ts", text)
    project.write("sub/base.ts", text)
    project.write("specs/base.part.ts", text)
    await project.said(0, "run", "specs/base.ts")
    expect(await project.said(2, "run", "sub/base.ts")).toContain(taken("sub/base.ts", "specs/base.ts", "out/base"))
    await project.said(0, "run", "sub/base.ts", "--out", "out/sub")
    await project.said(0, "run", "specs/base.ts", "--until", "a", "--out", "out")
    await project.said(0, "run", "specs/base.part.ts", "--out", "parts")
    await project.said(0, "run", "specs/base.ts", "--out", "parts")
    expect(existsSync(project.path("parts/base/index.html"))).toBe(true)
  })
})

describe("beside what is no file", () => {
  it("a spec is refused, and nobody waits", async () => {
    execFileSync("mkfifo", [project.path("specs/pipe.ts")])
    expect(await project.said(2, "run", "specs/pipe.ts")).toContain("specs/pipe.ts is a pipe, but a spec is a file")
  })

  it("gc names what stands where a lease is, and nobody waits", async () => {
    await run(specOf({}))
    const lease = project.path(`.pipeline/claims/${"ab".repeat(32)}`)
    execFileSync("mkfifo", [lease])
    const said = await project.said(5, "gc", "specs/odd.ts")
    expect(said).toContain(`${lease} is a pipe, but the store keeps a file there. Move it away`)
    execFileSync("rm", [lease])
  })

  it("a memo that is a folder costs nothing but time", async () => {
    for (const name of ["memo.tsv", "journal/index.json"]) {
      execFileSync("rm", ["-f", project.path(`.pipeline/${name}`)])
      mkdirSync(project.path(`.pipeline/${name}`))
    }
    const [code, said] = await run(specOf({}))
    expect([code, said]).toEqual([0, expect.stringContaining("1 hit")])
    symlinkSync(project.path(".pipeline"), project.path(".pipeline/loop"))
    expect(await project.said(0, "du")).toContain("(not ours)  1 file")
  })
})

it("a closed terminal ends a run as a signal does: what was finished is kept, leases are given back", async () => {
  const waiting = "Effect.promise(() => new Promise((resume) => setTimeout(resume, 60_000)))"
  project.write("specs/odd.ts", specOf({}, waiting.replace("setTimeout(resume, 60_000)", "{}")))
  const started = project.start("run", "specs/odd.ts", "--json")
  await started.until(({ _tag }) => _tag === "NodeStarted")
  started.signal("SIGHUP")
  const { code, err } = await started.finished
  expect([code, err]).toEqual([130, "Stopped. Finished results are kept.\n"])
  expect(readdirSync(project.path(".pipeline/claims"))).toEqual([])
})
