// From a path to a plan, or to one sentence that names the file and the line. Loaded by Node itself, as the
// command line does it, in one process for all: vitest transforms what it imports and tells errors its own way.
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { project, write } from "../../support/directory.ts"

const head = `import { stage, Json } from "@/pipeline/stage.ts"
import { spec, setting } from "@/pipeline/spec.ts"
import { node } from "@/pipeline/node.ts"
import { Schema } from "@/node_modules/effect/dist/index.js"
import { given, cap } from "@/test/support/arithmetic.ts"
const page = { title: "", lead: [], figures: [], render: () => Promise.reject(new Error("no page")) }
const config = { value: setting(Schema.Int, 1, "") }
const declared = { params: Schema.Struct({ value: Schema.Int }), inputs: {}, outputs: { value: Json }, \
run: () => Promise.reject(new Error("not run")) }
` // eight lines: the last but one goes on
const specOf = (nodes: string): string =>
  `${head}export default spec({ config, nodes: ({ value }) => ${nodes}, checks: () => [], page: () => page })\n`

const files = {
  "good.ts": specOf(`[node(given, { value }, {}, { id: "a" })]`),
  "own.ts":
    `${head}export const own = stage(import.meta, "own", declared)\nexport default spec({ config, nodes: ({ ` +
    `value }) => [node(own, { value }, {})], checks: () => [], page: () => page })\n`,
  "syntax.ts": `const fine = 1\nconst = 2\n`,
  "torn.ts": `\n\nenum Kind { a }\n`,
  "imports-torn.ts": `${head}import "./torn.ts"\n`,
  "torn é#% 'x'.ts": `const fine = 1\nconst = 2\n`,
  "imports-torn é#%.ts": `${head}import "./torn%20%C3%A9%23%25%20'x'.ts"\n`,
  "throws é#%.ts": `${head}\nthrow new Error("the file is torn")\n`,
  "throws.ts": `${head}\nthrow new Error("the file is torn")\n`,
  "missing-import.ts": `${head}\nimport "./nowhere.ts"\n`,
  "no-default.ts": `${head}
export const spec1 = spec({ config, nodes: () => [], checks: () => [], page: () => page })
`,
  "other-default.ts": `export default { nodes: [] }\n`,
  "empty.ts": ``,
  "in-function.ts":
    `${head}const make = (secret) => stage(import.meta, "made", { ...declared, run: () => Promise.reject(new ` +
    `Error(secret)) })\nexport default spec({ config, nodes: ({ value }) => [node(make("captured"), { value }, ` +
    `{})], checks: () => [], page: () => page })\n`,
  "other-name.ts":
    `${head}export const ours = stage(import.meta, "theirs", declared)\nexport default spec({ config, nodes: ({ ` +
    `value }) => [node(ours, { value }, {})], checks: () => [], page: () => page })\n`,
  "memory.ts":
    `${head}export const own = stage(import.meta, "own", { ...declared, resources: { memory: "a lot" } ` +
    `})\nexport default spec({ config, nodes: ({ value }) => [node(own, { value }, {})], checks: () => [], page: ` +
    `() => page })\n`,
  "cycle.ts": `${head}const nodes = () => {
  const inputs = {}
  const first = { ...node(cap, { limit: 1 }, { term: node(given, { value: 1 }, {}).out.value }, { id: 1 }), inputs }
  const second = node(cap, { limit: 2 }, { term: { node: first, name: "value", kind: Json } }, { id: 2 })
  inputs.term = second.out.value
  return [second]
}
export default spec({ config, nodes, checks: () => [], page: () => page })\n`,
  "twice.ts": specOf(`[node(given, { value }, {}), node(given, { value: 2 }, {})]`),
  "figures.ts":
    `${head}export default spec({ config, nodes: () => [node(given, { value: 1 }, {})], checks: () => [], page: ` +
    `([a]) => ({ ...page, figures: ["x", "x"].map((id) => ({ id, title: "", caption: "", figure: a.out.value })) ` +
    `}) })\n`,
  "params.ts": specOf(`[node(given, { value: "one" }, {}, { id: "bad" })]`),
  "builds.ts": `${head}export default spec({
  config,
  nodes: () => { throw new Error("no nodes today") },
  checks: () => [],
  page: () => page,
})\n`,
}
type Case = keyof typeof files

interface Answer {
  readonly tag?: string
  readonly reason?: string
  readonly message?: string
  readonly nodes?: ReadonlyArray<string>
}
let directory = ""
let answers: { readonly [name: string]: Answer } = {}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "load-"))
  write(directory, files)
  const script = `
    import { Effect } from "effect"
    import { load } from "${project}pipeline/plan/load.ts"
    const answer = (path, settings) => Effect.runPromise(Effect.match(load(path, settings), {
      onSuccess: ({ plan, built }) => ({
        nodes: plan.nodes.map(({ name, params }) => name + " " + JSON.stringify(params)),
      }),
      onFailure: ({ _tag, reason, message }) => ({ tag: _tag, reason, message }),
    }))
    const answers = {}
    for (const name of ${JSON.stringify([...Object.keys(files), "nowhere.ts"])})
      answers[name] = await answer("${directory}/" + name, {})
    answers.set = await answer("${directory}/good.ts", { value: "7" })
    answers.wrong = await answer("${directory}/good.ts", { value: "x", typo: "1" })
    console.log(JSON.stringify(answers))`
  answers = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as typeof answers
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const said = (name: Case | "nowhere.ts"): readonly [string | undefined, string | undefined] => [
  answers[name]!.reason,
  answers[name]!.message?.replaceAll(`${directory}/`, ""),
]

describe("load", () => {
  it("gives the plan of a spec under its settings, as often as one likes", () => {
    expect(answers["good.ts"]).toEqual({ nodes: [`given/id=a {"value":1}`] })
    expect(answers["set"]).toEqual({ nodes: [`given/id=a {"value":7}`] })
  })

  it("takes stages of the spec file itself", () => {
    expect(answers["own.ts"]).toEqual({ nodes: [`own {"value":1}`] })
  })

  it("names every setting that does not fit", () => {
    expect(answers["wrong"]!.reason).toBe("BadConfig")
    expect(answers["wrong"]!.message).toMatch(/typo=1.*\n.*value=x/)
  })

  it("says that there is no such file", () => {
    expect(said("nowhere.ts")).toEqual(["NotFound", "There is no spec file nowhere.ts."])
  })

  it("names file and line of a syntax error, and shows no stack", () => {
    expect(said("syntax.ts")).toEqual([
      "DoesNotLoad",
      expect.stringMatching(/^syntax\.ts does not load: Unexpected token .* \(line 2\)$/),
    ])
  })

  it("names the file of a syntax error in what a spec imports", () => {
    expect(said("imports-torn.ts")[1]).toMatch(/^imports-torn\.ts does not load: .* \(.*torn\.ts, line 3\)$/)
  })

  it("names files as they are called, whatever a URL makes of them", () => {
    expect(said("torn é#% 'x'.ts")[1]).toMatch(/^torn é#% 'x'\.ts does not load: Unexpected token .* \(line 2\)$/)
    expect(said("imports-torn é#%.ts")[1]).toMatch(/^imports-torn é#%\.ts does not load: .*torn é#% 'x'\.ts, line 2/)
    expect(said("throws é#%.ts")[1]).toBe("throws é#%.ts does not load: the file is torn (line 10)")
  })

  it("names the line at which a spec throws while it is loaded", () => {
    expect(said("throws.ts")).toEqual(["DoesNotLoad", "throws.ts does not load: the file is torn (line 10)"])
  })

  it("names the line at which a spec throws while it builds its nodes", () => {
    expect(said("builds.ts")).toEqual(["DoesNotLoad", "builds.ts does not build its nodes: no nodes today (line 11)"])
  })

  it("names an import that leads nowhere", () => {
    const [reason, message] = said("missing-import.ts")
    expect(reason).toBe("DoesNotLoad")
    expect(message).toMatch(/nowhere\.ts/)
  })

  for (const name of ["no-default.ts", "other-default.ts", "empty.ts"] as const) {
    it(`wants a default export made by spec (${name})`, () => {
      expect(said(name)).toEqual([
        "NotASpec",
        `${name} has no default export made by spec(…). End it with: export default spec({ … })`,
      ])
    })
  }

  it("refuses a stage made inside a function, which could capture what no key sees", () => {
    const [reason, message] = said("in-function.ts")
    expect(reason).toBe("BadStage")
    expect(message).toMatch(/^The stage made of in-function\.ts is not a module-level export of that name/)
  })

  it("refuses a stage exported under another name", () => {
    expect(said("other-name.ts")[0]).toBe("BadStage")
  })

  it("refuses a stage whose memory is no size", () => {
    expect(said("memory.ts")).toEqual([
      "BadStage",
      'The stage own declares the memory "a lot", which is not a size. Write a number with MB or GB, such as ' +
        'memory: "500 MB".',
    ])
  })

  it("passes on what makes no plan, and params that do not fit", () => {
    expect(said("cycle.ts")).toEqual([
      "Cycle",
      "These nodes wait for each other: cap/id=2 <- cap/id=1 <- cap/id=2. Remove one of the inputs.",
    ])
    expect(said("twice.ts")[0]).toBe("DuplicateName")
    expect(said("figures.ts")[0]).toBe("CollidingOutput")
    expect(said("params.ts")[1]).toMatch(/^The params of given\/id=bad do not fit the stage given/)
  })
})
