// What a worker may touch: code and what it imports, and of the rest nothing, whatever lies beside.
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { codeIn, projectOf } from "../../../pipeline/executor/fence.ts"
import { directoryOf } from "../../support/directory.ts"
import { jobOf, valuesOf } from "../../support/job.ts"
import { reaching } from "../../support/stages.ts"
import { poolOf } from "../../support/workers.ts"
import { runJob } from "./contract.ts"

const reach = (what: string) => runJob(jobOf(reaching, { for: what }))

describe("the code of a project", () => {
  it("is its modules and the JSON they import, and no data beside them", () => {
    const project = directoryOf({
      "package.json": "{}",
      "stages/train.ts": 'import sizes from "./sizes.json" with { type: "json" }\nreadFileSync("./weights.json")',
      "stages/train.run.mjs": 'await import("../labels.json", { with: { type: "json" } })',
      "stages/sizes.json": "{}",
      "stages/weights.json": "{}",
      "stages/points.csv": "",
      "labels.json": "{}",
      "node_modules/apart/index.js": "",
      ".cache/apart.js": "",
    })
    const found = ["labels.json", "package.json", "stages/sizes.json", "stages/train.run.mjs", "stages/train.ts"]
    assert.deepStrictEqual(codeIn(project).toSorted(), found.map((file) => join(project, file)))
  })

  it("lies below the package.json above the module", () => {
    const project = directoryOf({ "package.json": "{}", "stages/deep/train.ts": "" })
    assert.strictEqual(projectOf(pathToFileURL(join(project, "stages/deep/train.ts")).href), project)
  })
})

layer(poolOf(1), { excludeTestServices: true })("a body in a worker", (it) => {
  const refusals = {
    file: /^The stage reaching read .*CHANGELOG\.md, which its key does not see\. Declare the file as a source/,
    "file, wrapped": /^The stage reaching read .*CHANGELOG\.md/,
    writing: /^The stage reaching wrote .*left-behind, which its record does not keep\. Give it as an output\.$/,
    process: /^The stage reaching started a process/,
  }
  for (const [what, words] of Object.entries(refusals)) {
    it.effect(`is refused what is not its input (${what}), and told what to do`, () =>
      Effect.gen(function* () {
        const { result } = yield* reach(what)
        assert.strictEqual(result._tag === "Failed" && result.reason, "Defect")
        assert.match(result._tag === "Failed" ? result.message : "", words)
      }))
  }

  it.effect("has the JSON that its module imports", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* valuesOf(reaching, yield* reach("imported")), { value: true })
    }))
})
