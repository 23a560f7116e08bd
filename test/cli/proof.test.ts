// Results proved from the command line: verified, locked, and compared with the lock by whole processes on a real
// store, with a stage among them that is never the same twice.
import { readFileSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, linesOf, Project, startedIn } from "../support/project.ts"

const spec = "specs/proof.ts"
const locked = "specs/proof.lock.json"
const text = `
import { table as from } from "arquero"
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Table } from "../pipeline/stage.ts"
export const row = stage(import.meta, "row", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ row: { x: [params.x / 3] } }) }),
})
export const total = stage(import.meta, "total", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { total: Table },
  run: async () => ({ run: ({ inputs: { rows } }) =>
    Effect.succeed({ total: { x: [rows.reduce((sum, { x }) => sum + x[0], 0)] } }) }),
})
// Another value every time, as a GPU's sums are: by chance that a package has inside.
const numbers = from({ i: Array.from({ length: 1000 }, (_, i) => i) })
const drawn = () => Number(numbers.sample(1).array("i")[0])
export const clock = stage(import.meta, "clock", {
  params: Schema.Struct({}), inputs: {}, outputs: { time: Table },
  run: async () => ({ run: () => Effect.succeed({ time: { x: [1 + 1e-12 * (1000 * drawn() + drawn())] } }) }),
})
export default spec({
  config: { xs: setting(Schema.Array(Schema.Finite), [1, 2, 3], "numbers") },
  nodes: ({ xs }) => ({
    time: node(clock, {}, {}),
    total: node(total, {}, { rows: xs.map((x) => node(row, { x }, {}, { x }).out.row) }),
  }),
  checks: ({ time, total }) => [
    check({
      id: "some", claim: "There is some.", source: "here",
      value: cell(total.out.total, {}, "x"), expect: atLeast(0),
    }),
    check({
      id: "time", claim: "Time goes by.", source: "here",
      value: cell(time.out.time, {}, "x"), expect: atLeast(1),
    }),
  ],
  page: () => ({
    title: "Proof", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Proof</title>"]]) }),
  }),
})
`
let project: Project
beforeAll(() => {
  project = new Project()
  project.write(spec, text)
})
afterAll(() => project[Symbol.dispose]())

/** What a command says; fails where its exit code is another. */
const told = async (status: number, ...args: ReadonlyArray<string>): Promise<string> => {
  const { code, out, err } = await project.run(...args)
  expect(code, err + out).toBe(status)
  return out + err
}
const inline = ["--executor", "inline"] as const
const read = (file: string): string => readFileSync(project.path(file), "utf8")
/** The lock with another text in it, while `use` runs. */
const edited = async (before: string | RegExp, after: string, use: () => Promise<void>): Promise<void> => {
  const kept = read(locked)
  expect(kept).toMatch(before)
  try {
    writeFileSync(project.path(locked), kept.replace(before, after))
    await use()
  } finally {
    writeFileSync(project.path(locked), kept)
  }
}

const notMade = "what is not made can be neither verified nor locked, and a lock that is not there not be compared with"
it(notMade, async () => {
  expect(lastLine(await told(3, "verify", spec, ...inline))).toMatch(
    /^0 nodes verified: 0 the same, 0 differ · 5 were not made yet · \d\.\d s$/,
  )
  const refused = await told(3, "lock", spec)
  expect(refused).toContain("row/x=1  run: first run")
  expect(lastLine(refused)).toBe("5 nodes would run, so some results are missing. Run the spec first.")
  expect(await told(2, "check", spec, "--lock")).toBe(
    `There is no lock ${locked}. Write it with: pipeline lock ${spec} -o ${locked}\n`,
  )
})

it("a lock has a line for each node, and what a run did is a file for build servers", async () => {
  await told(0, "run", spec, ...inline, "--junit", "reports/run.xml")
  expect(read("reports/run.xml")).toMatch(
    /<testsuites tests="7" failures="0" .*\n {2}<testsuite name="nodes" tests="5" /,
  )
  expect(lastLine(await told(0, "lock", spec))).toBe(`${locked}  5 nodes, 2 checks, 2 tables`)
  const first = read(locked)
  expect(first).toMatch(/\n {2}"row\/x=1": \{"key":"[0-9a-f]{64}","outputs":\{"row":"[0-9a-f]{64}"\}\},\n/)
  expect(first).toMatch(/\n {2}"total:total": \{\n {4}"x": \[2\]\n/)
})

describe("verify", () => {
  it("names the node that differs and where, and exits with 4", async () => {
    const out = await told(4, "verify", spec, ...inline)
    expect(out).toMatch(
      /^differs clock: time, column x, row 0: 1\.\d+ → 1\.\d+ \(relative difference .*\)\. The first result stays\.$/m,
    )
    expect(out).toMatch(/^same {4}total \(\d\.\d s\)$/m)
    expect(lastLine(out)).toMatch(/^5 nodes verified: 4 the same, 1 differs · \d\.\d s$/)
  })

  it("takes the tolerance, the part and the sample that are asked for", async () => {
    expect(lastLine(await told(0, "verify", spec, ...inline, "--tolerance", "0.01"))).toMatch(
      /^5 nodes verified: 5 the same, 0 differ · /,
    )
    const out = await told(0, "verify", spec, ...inline, "--json", "--until", "total", "--sample", "50%", "--seed", "3")
    expect(startedIn(out)).toHaveLength(2)
    expect(startedIn(out)).not.toContain("clock")
    expect(linesOf(out).at(-1)).toMatchObject({
      v: 1,
      _tag: "VerifyDone",
      counts: { same: 2, unsampled: 2, unmade: 0 },
    })
    expect(await told(2, "verify", spec, "--sample", "some")).toMatch(
      /some is not a sample\. Write a share such as 5%, or a number of nodes such as 20\./,
    )
  })
})

describe("check", () => {
  it("finds all as it is in the store that the lock is of, and runs nothing", async () => {
    const out = await told(0, "check", spec, "--lock", ...inline, "--junit", "reports/check.xml")
    expect(lastLine(out)).toMatch(
      /^5 nodes, 2 checks, 2 tables compared with specs\/proof\.lock\.json: no difference, bit for bit · \d\.\d s$/,
    )
    expect(out).toContain("5 nodes: 5 hit")
    expect(read("reports/check.xml")).toMatch(/<testsuites tests="9" failures="0" /)
  })

  it("recomputes everything from an empty store, and tells to the bit what came out otherwise", async () => {
    const out = await told(4, "check", spec, "--lock", ...inline, "--store", "fresh", "--junit", "reports/fresh.xml")
    expect(out).toMatch(/^output {2}clock: time [0-9a-f]{12} → [0-9a-f]{12}$/m)
    expect(out).toMatch(/^table {3}clock:time: column x, row 0: /m)
    expect(out).toMatch(/^check {3}time: agrees 1\.\d+ → agrees 1\.\d+$/m)
    expect(lastLine(out)).toContain(": 3 differences, bit for bit")
    expect(read("reports/fresh.xml")).toMatch(
      /<testcase name="clock" classname="node" time="\d\.\d{3}"><failure message="output {2}clock: time /,
    )
  })

  it("holds what another machine locked within the tolerance of the lock", async () => {
    await edited(/"processor":"[^"]*"/, '"processor":"Another"', async () => {
      const out = await told(0, "check", spec, `--lock=${locked}`, ...inline, "--store", "fresh")
      expect(lastLine(out)).toMatch(
        /proof\.lock\.json, which was made on .*, Another: no difference, numbers within 0\.001 · /,
      )
    })
  })

  it("verifies a sample where it is asked to, and compares what stands with the lock", async () => {
    const out = await told(4, "check", spec, "--lock", ...inline, "--sample", "100%", "--json")
    expect(linesOf(out)).toContainEqual(
      expect.objectContaining({
        _tag: "VerifyDone",
        counts: expect.objectContaining({ same: 4, differs: 1 }) as unknown,
      }),
    )
    expect(linesOf(out).at(-1)).toMatchObject({ _tag: "LockCompared", differences: 0, tolerance: 0, oneMachine: true })
  })

  it("says by what part a key is another, and notes it on the lock's page on GitHub", async () => {
    project.edit(spec, "params.x / 3", "params.x / 4")
    process.env["GITHUB_ACTIONS"] = "true"
    try {
      const out = await told(4, "check", spec, "--lock", ...inline)
      expect(out).toMatch(/^key {5}row\/x=2: code$/m)
      expect(out).toMatch(/^key {5}total: input rows 3→3 items, 3 of them new$/m)
      expect(out).toContain(`::error file=${locked}::key     row/x=2: code`)
      expect(await told(4, "verify", spec, ...inline, "--only", "clock")).toMatch(
        /^::error::differs clock: time, column x, row 0/m,
      )
    } finally {
      delete process.env["GITHUB_ACTIONS"]
      project.edit(spec, "params.x / 4", "params.x / 3")
    }
  })

  it("compares nothing where a node failed, and says so with the code of the failure", async () => {
    project.edit(spec, "Effect.succeed({ row: { x: [params.x / 3] } })", 'Effect.die(new Error("a bug"))')
    expect(lastLine(await told(1, "check", spec, "--lock", ...inline, "--junit", "reports/failed.xml"))).toBe(
      "Nothing was compared with the lock: 4 nodes could not be made.",
    )
    expect(read("reports/failed.xml")).toMatch(
      /<testcase name="row\/x=1" classname="row" time="0\.000"><failure message="Error: a bug">/,
    )
    project.edit(spec, 'Effect.die(new Error("a bug"))', "Effect.succeed({ row: { x: [params.x / 3] } })")
  })

  it("runs under the settings that the lock says", async () => {
    await edited('{"scale":"only"}', '{"scale":"only","xs":"1,2"}', async () => {
      const out = await told(4, "check", spec, "--lock", ...inline)
      expect(out).toMatch(/^missing node row\/x=3: it is in the lock, but no longer in the results$/m)
      expect(out).toMatch(/^key {5}total: input rows 3→2 items, 0 of them new$/m)
    })
  })

  it("refuses what is no lock, and says how to write one", async () => {
    await edited('"v": 2', '"v": 7', async () => {
      const out = await told(2, "check", spec, "--lock")
      expect(out).toMatch(/^specs\/proof\.lock\.json cannot be read as a lock of this version: /)
      expect(lastLine(out)).toBe(`Write it again with: pipeline lock ${spec} -o ${locked}`)
    })
  })
})

it("what lost its inputs to gc cannot be verified, and a verification of nothing is not green", async () => {
  await told(0, "gc", spec, "--inner")
  const out = await told(3, "verify", spec, ...inline, "--only", "total")
  expect(out).toMatch(
    /^cannot {2}total: it needs an output of row\/x=1 that is no longer in the store, so it cannot run again$/m,
  )
  expect(lastLine(out)).toMatch(
    /^0 nodes verified: 0 the same, 0 differ · 1 cannot be verified, because an input is gone · /,
  )
})
