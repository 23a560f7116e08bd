// What lint finds in the code that a stage reaches: the places in its files, what is declared, what is not reached.
import { readdirSync } from "node:fs"
import { join, relative } from "node:path"
import { pathToFileURL } from "node:url"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { fingerprints } from "../../../pipeline/code/fingerprint.ts"
import { lint } from "../../../pipeline/code/lint.ts"
import { load } from "../../../pipeline/load.ts"
import { finding, linted } from "../../../pipeline/message/lint.ts"
import { directoryOf, project } from "../../support/directory.ts"

const declaration = (name: string): string => `
export const ${name} = stage(import.meta, "${name}", {
  params: Schema.Struct({}), inputs: {}, outputs: { value: Json },
  run: () => import("./${name}.run.ts"),
})`
const files = {
  "stages.ts": `import { stage, Json } from "@/pipeline/stage.ts"\nimport { Schema } from "effect"${declaration("fit")}${declaration("plot")}\n`,
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
  ["fit", "plot"].map((name) => ({ module: pathToFileURL(join(directory, "stages.ts")).href, name, environment, optionalPackages: () => [] }))

/** What is found, as `file:line:column kind stages`. */
const foundIn = async (changed: { readonly [path: string]: string } = {}, environment: ReadonlyArray<string> = []): Promise<ReadonlyArray<string>> => {
  const directory = directoryOf({ ...files, ...changed })
  const { findings } = await lint(stagesIn(directory, environment))
  return findings.map(({ file, line, column, kind, stages }) => `${relative(directory, file)}:${line}:${column} ${kind} ${stages.join(",")}`)
}

const excepted = (comment: string): { readonly [path: string]: string } => ({ "shared.ts": files["shared.ts"].replace("  return", `  ${comment}\n  return`) })
const all = ["fit.run.ts:5:25 File fit", "fit.run.ts:6:26 Environment fit", "shared.ts:5:14 Chance fit,plot"]

/** How the stage plot is refused a fingerprint. */
const refused = (changed: { readonly [path: string]: string }) => {
  const directory = directoryOf({ ...files, ...excepted("// unseen: the draw is thrown away"), ...changed })
  const [, plot] = stagesIn(directory)
  const code = fingerprints(join(directory, ".memo/fingerprints.json")).of(plot as never, {})
  return Effect.runPromise(Effect.match(code, { onFailure: ({ reason, message }) => [reason, message.replaceAll(`${relative(process.cwd(), directory)}/`, "")], onSuccess: () => undefined }))
}
const importing = (before = "") => ({ "plot.run.ts": `export const run = async (options: { name: string }) => {\n  ${before}\n  return (await import(options.name))[0]\n}\n` })
const requiring = (text: string) => ({ "plot.run.ts": `import legacy from "./legacy.cts"\nexport const run = () => legacy\n`, "legacy.cts": text, "path.cts": `module.exports = "a"\n` })

describe("lint", () => {
  it("finds what is reached, at its place, once for all stages that reach it, and leaves out what is not", async () => {
    expect(await foundIn()).toEqual(all)
  })

  it("takes an environment variable that the stage declares as seen", async () => {
    expect(await foundIn({}, ["FLAVOUR"])).toEqual(all.filter((each) => !each.includes("Environment")))
  })

  it("passes over a line under a comment that says why", async () => {
    expect(await foundIn(excepted("// unseen: the value is multiplied by zero later"))).toEqual(all.slice(0, 2))
  })

  for (const comment of ["// unseen:", "// unseen"]) {
    it(`finds an exception without a reason (${comment})`, async () => {
      expect(await foundIn(excepted(comment))).toEqual([...all.slice(0, 2), "shared.ts:6:14 Reason fit,plot"])
    })
  }

  it("takes no other comment, string or distance for an exception", async () => {
    for (const comment of ["// unseenly: a reason", "`// unseen: a reason`", "// unseen: a reason\n"]) {
      expect((await foundIn(excepted(comment))).at(-1)).toMatch(/Chance fit,plot$/)
    }
  })

  it("finds what a body in CommonJS requires, and a cause in its own files only", async () => {
    const changed = requiring(`const path = require("./path.cts")\nmodule.exports.load = () => path + require("onnx-proto")\n`)
    expect(await foundIn(changed)).toEqual(["fit.run.ts:5:25 File fit", "fit.run.ts:6:26 Environment fit", "legacy.cts:2:44 Require plot", "shared.ts:5:14 Chance fit"])
  })

  it("says file, line, column, stages, what is wrong and what to do, and how many there are", async () => {
    const directory = directoryOf(files)
    const { findings, files: read } = await lint(stagesIn(directory))
    expect(finding({ ...findings[2]!, file: "shared.ts" })).toBe(
      "shared.ts:5:14  stages fit, plot: draws by chance with Math.random, which no seed repeats. Declare the stage random: true and draw from the seed it is given.",
    )
    expect(linted(findings, 2, read)).toBe("3 findings in 2 stages")
    expect(linted([], 2, read)).toBe("Nothing found: 2 stages, 6 files.")
  })
})

describe("the fingerprint of a stage", () => {
  it("is refused where it cannot follow an import, naming stage and place", async () => {
    const [reason, message] = (await refused(importing()))!
    expect(reason).toBe("BadStage")
    expect(message!.split("\n")).toEqual([
      "The stage plot does what no key sees, so its results could be stale, or others every time, and nobody would know:",
      "plot.run.ts:3:17  stage plot: imports a module whose name is made while it runs, so its fingerprint cannot follow. Write the name out, with an import() for each module.",
      "Or write above the line: // unseen: why the result does not depend on it. See pipeline lint for all that is not seen.",
    ])
  })

  it("is given where a comment says why that does no harm, and where nobody reaches the import", async () => {
    expect(await refused(importing("// unseen: all of them give the same"))).toBeUndefined()
    expect(await refused({ "plot.run.ts": `export const run = () => 1\nexport const other = (name: string) => import(name)\n` })).toBeUndefined()
  })

  it("is refused where a body requires a package, and given where it requires its own files or Node's", async () => {
    expect((await refused(requiring(`module.exports = require("onnx-proto")\n`)))![1]).toContain("legacy.cts:1:26  stage plot: loads code by require")
    expect((await refused(requiring(`const name = process.argv[2]!\nmodule.exports = require(name)\n`)))![1]).toContain("legacy.cts:2:26  stage plot: loads code by require")
    expect(await refused(requiring(`module.exports = [require("./path.cts"), require("node:path")]\n`))).toBeUndefined()
  })

  it("is refused where a result would be another every time, or code is run or read unseen, unless a comment says why not", async () => {
    expect(await refused({})).toBeUndefined()
    expect((await refused({ "shared.ts": files["shared.ts"] }))![1]).toContain("shared.ts:5:14  stage plot: draws by chance with Math.random")
    for (const code of ["Date.now()", "new Worker(globalThis.url)", "eval('1')", "import.meta.dirname"]) {
      expect((await refused({ "plot.run.ts": `export const run = () => ${code}\n` }))?.[0], code).toBe("BadStage")
    }
  })

  it("is given to a stage that does what a worker refuses, or only lint tells", async () => {
    expect(await refused({ "plot.run.ts": "export const run = () => [process.env.HOME, process.pid]\n" })).toBeUndefined()
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
    expect((await lint([...stages])).findings.map(finding)).toEqual([])
  })
})
