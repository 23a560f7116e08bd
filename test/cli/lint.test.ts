// `pipeline lint` as a person and as GitHub see it, and what a run says of the same places.
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { lastLine, Project } from "../support/project.ts"

const text = `import { Effect, Schema } from "effect"
import { node } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { stage, Table } from "../pipeline/stage.ts"
export const row = stage(import.meta, "row", {
  params: Schema.Struct({ module: Schema.String }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.gen(function* () {
    const { x } = yield* Effect.promise(() => import(params.module))
    return { row: { x: [x], at: [Date.now()] } }
  }) }),
})
export default spec({
  config: {},
  nodes: () => ({ row: node(row, { module: "node:path" }, {}) }),
  checks: () => [],
  page: () => ({ title: "Lint", lead: [], figures: [], render: async () => ({ page: async () => new Map() }) }),
})
`
const computed =
  "imports a name that is computed while the code runs, which the bundler could not follow, so its key does not " +
  "see that code. Write the name as plain text, in one import() for each module; list a package in package.json."
const time =
  "asks for the time with Date.now, which is different every time. Stop after some steps or model time, and take " +
  "dates as params."

let project: Project
beforeAll(() => {
  project = new Project()
  project.write("specs/row.ts", text)
})
afterAll(() => {
  project[Symbol.dispose]()
  vi.unstubAllEnvs()
})

const said = async (
  ...args: ReadonlyArray<string>
): Promise<readonly [code: number | null, lines: ReadonlyArray<string>]> => {
  const { code, out, err } = await project.run(...args)
  return [code, (out + err).trimEnd().split("\n")]
}

const aLineEach =
  "lint gives a line for each finding and one for all, on GitHub an annotation each as well, and exits with 2"
it(aLineEach, async () => {
  vi.stubEnv("GITHUB_ACTIONS", "true")
  expect(await said("lint", "specs/row.ts")).toEqual([
    2,
    [
      `specs/row.ts:8:47  stage row: ${computed}`,
      `specs/row.ts:9:34  stage row: ${time}`,
      `::error file=specs/row.ts,line=8,col=47::stage row: ${computed}`,
      `::error file=specs/row.ts,line=9,col=34::stage row: ${time}`,
      "2 findings in 1 stage",
    ],
  ])
})

it("lint --json gives an object for each finding and nothing else", async () => {
  vi.stubEnv("GITHUB_ACTIONS", "true")
  const [code, lines] = await said("lint", "specs/row.ts", "--json")
  expect(code).toBe(2)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      v: 1,
      kind: "Import",
      what: "a name that is computed while the code runs",
      file: "specs/row.ts",
      line: 8,
      column: 47,
      stages: ["row"],
      message: computed,
    },
    { v: 1, kind: "Time", what: "Date.now", file: "specs/row.ts", line: 9, column: 34, stages: ["row"], message: time },
  ])
})

it("plan tells what would run, and a run is refused at the place, in the words of lint", async () => {
  expect((await project.run("plan", "specs/row.ts")).code).toBe(0)
  const { code, out, err } = await project.run("run", "specs/row.ts", "--executor", "inline")
  expect(code).toBe(1)
  expect(out + err).toContain(`failed  row: The stage row ${time}`)
  expect(out + err).not.toMatch(/^\s+at /m)
})

it("lint says of a spec with nothing to find how much it read, and exits with 0", async () => {
  const { code, out } = await project.run("lint", "specs/smoke.ts")
  expect(lastLine(out)).toMatch(/^Nothing found: 12 stages, \d+ files\.$/)
  expect(code).toBe(0)
})
