// What lint finds in the code that a stage reaches: the places in its files, what is declared, what is not reached.
import { readdirSync } from "node:fs"
import { join, relative } from "node:path"
import { pathToFileURL } from "node:url"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { lint } from "../../../pipeline/code/lint.ts"
import { load } from "../../../pipeline/plan/load.ts"
import { finding, linted } from "../../../pipeline/commands/inspect/message.ts"
import { directoryOf, project } from "../../support/directory.ts"

const declaration = (name: string): string => `
export const ${name} = stage(import.meta, "${name}", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./${name}.run.ts"),
})`
const files = {
  "stages.ts":
    `import { stage, Json } from "@/pipeline/stage.ts"\nimport { Schema } from ` +
    `"effect"${declaration("fit")}${declaration("plot")}\n`,
  "fit.run.ts": `import { draw, type Options } from "./shared.ts"
import { readFileSync } from "./files.ts"

export const run = async (options: Options): Promise<unknown> => {
  const table: string = readFileSync(options.path, "utf8")
  return [table, draw(), process.env["FLAVOUR"]]
}
export const unused = () => Date.now()
`,
  "plot.run.ts": `import { draw } from "./shared.ts"\nexport const run = () => draw()\n`,
  "shared.ts": `export interface Options { readonly path: string }
/** Two lines that leave
 *  no trace. */
export const draw = (): number => {
  return 2 * Math.random()
}
export const now = () => Date.now()
`,
  "files.ts": `export { readFileSync } from "node:fs"\n`,
}

const stagesIn = (directory: string, environment: ReadonlyArray<string> = []) =>
  ["fit", "plot"].map((name) => ({
    module: pathToFileURL(join(directory, "stages.ts")).href,
    name,
    environment,
    optionalPackages: () => [],
  }))

/** What is found, as `file:line:column kind stages`. */
const foundIn = (
  changed: { readonly [path: string]: string } = {},
  environment: ReadonlyArray<string> = [],
): ReadonlyArray<string> => {
  const directory = directoryOf({ ...files, ...changed })
  const { findings } = lint(stagesIn(directory, environment))
  return findings.map(
    ({ file, line, column, kind, stages }) =>
      `${relative(directory, file)}:${line}:${column} ${kind} ${stages.join(",")}`,
  )
}

const all = ["fit.run.ts:5:25 File fit", "fit.run.ts:6:26 Environment fit", "shared.ts:5:14 Chance fit,plot"]

const requiring = (text: string) => ({
  "plot.run.ts": `import legacy from "./legacy.cts"\nexport const run = () => legacy\n`,
  "legacy.cts": text,
  "path.cts": `module.exports = "a"\n`,
})

const beside = (code: string): { readonly [path: string]: string } => ({
  "plot.run.ts": code.includes("import ")
    ? `${code}\nexport const run = () => used\n`
    : `export const run = (given: { name: string }) => [given, ${code}]\n`,
})

describe("lint", () => {
  it("finds what is reached, at its place, once for all stages that reach it, and leaves out what is not", () => {
    expect(foundIn()).toEqual(all)
  })

  it("takes an environment variable that the stage declares as seen", () => {
    expect(foundIn({}, ["FLAVOUR"])).toEqual(all.filter((each) => !each.includes("Environment")))
  })

  const closed = {
    "a computed import()": ["import(given.name)", "Import"],
    "the time by new Date()": ["new Date()", "Time"],
    "the time by Date()": ["Date()", "Time"],
    "a timer": ["setInterval(() => {}, 1)", "Time"],
    "the time by globalThis": ["globalThis.performance.now()", "Time"],
    "where it lies": ["import.meta.dirname", "Beside"],
    "a thread": ["new Worker(given.name)", "Process"],
    "text that is code": ["new Function(given.name)", "Text"],
    "the network": ["fetch(given.name)", "Network"],
    "the machine": ["process.pid", "Machine"],
    "a part of Node": [`import used from "node:os"`, "Machine"],
    "chance of a part of Node": [`import { randomBytes as used } from "node:crypto"`, "Chance"],
  } as const
  for (const [what, [code, kind]] of Object.entries(closed)) {
    it(`finds ${what}`, () => {
      expect(
        foundIn(beside(code))
          .filter((each) => each.startsWith("plot.run.ts"))
          .map((each) => each.split(" ")[1]),
      ).toEqual([kind])
    })
  }

  const open = {
    "a date of something": "new Date(0)",
    "a hash": "createHash(given.name)",
    "its own variable of a name of the world": "((performance: number) => performance)(1)",
    "a member of a name of the world": "({ fetch: 1 }).fetch",
    "the platform, which is in the key": "process.platform",
  }
  for (const [what, code] of Object.entries(open)) {
    it(`finds nothing in ${what}`, () => {
      const changed = {
        "plot.run.ts":
          `import { createHash } from "node:crypto"\nexport const run = (given: { name: string }) => [given, ` +
          `createHash, ${code}]\n`,
      }
      expect(foundIn(changed).filter((each) => each.startsWith("plot.run.ts"))).toEqual([])
    })
  }

  it("finds what a body in CommonJS computes to require, and lets it require packages and its own files", () => {
    const changed = requiring(
      `const path = require("./path.cts")\nmodule.exports.load = () => path + require("onnx-proto") + require(path)\n`,
    )
    expect(foundIn(changed)).toEqual([
      "fit.run.ts:5:25 File fit",
      "fit.run.ts:6:26 Environment fit",
      "legacy.cts:2:60 Require plot",
      "shared.ts:5:14 Chance fit",
    ])
  })

  it("says file, line, column, stages, what is wrong and what to do, and how many there are", () => {
    const directory = directoryOf(files)
    const { findings, files: read } = lint(stagesIn(directory))
    expect(finding({ ...findings[2]!, file: "shared.ts" })).toBe(
      "shared.ts:5:14  stages fit, plot: draws random numbers with Math.random, which no seed repeats. Declare " +
        "the stage random: true, and draw from the seed that it is given.",
    )
    expect(linted(findings, 2, read)).toBe("3 findings in 2 stages")
    expect(linted([], 2, read)).toBe("Nothing found: 2 stages, 6 files.")
  })
})

describe("the project", () => {
  it("has specs in which lint finds nothing", async () => {
    const { plans, stages } = { plans: [] as Array<string>, stages: new Set<Parameters<typeof lint>[0][number]>() }
    for (const name of readdirSync(join(project, "specs"))) {
      const loaded = await Effect.runPromise(Effect.option(load(join(project, "specs", name), {})))
      if (loaded._tag === "None") continue
      plans.push(name)
      for (const node of loaded.value.plan.nodes) if (node._tag === "StageNode") stages.add(node.stage)
    }
    expect(plans).toContain("paper.ts")
    expect(lint([...stages]).findings.map(finding)).toEqual([])
  })
})
