// What a worker may touch: a body is refused by the world that it is handed, and a package by its process.
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { jobOf, runJob, valuesOf } from "../../support/job.ts"
import { reaching } from "../../support/stages.ts"
import { poolOf, untidyJob } from "../../support/workers.ts"

const reach = (what: string) => runJob(jobOf(reaching, { for: what }))

layer(poolOf(1), { excludeTestServices: true })("a body in a worker", (it) => {
  const refusals = {
    file: new RegExp(
      String.raw`^The stage reaching reads or writes files with node:fs\.readFileSync, ` +
        String.raw`but their bytes are not in its key\. Take them as an input`,
    ),
    "file, wrapped": /^The stage reaching reads or writes files with node:fs\.readFileSync/,
    writing: /^The stage reaching reads or writes files with node:fs\.writeFileSync/,
    process: /^The stage reaching uses another process or thread with node:child_process\.spawnSync/,
  }
  for (const [what, words] of Object.entries(refusals)) {
    it.effect(`is refused what is not its input (${what}), and told what to do`, () =>
      Effect.gen(function* () {
        const { result } = yield* reach(what)
        assert.strictEqual(result._tag === "Failed" && result.reason, "Defect")
        assert.match(result._tag === "Failed" ? result.message : "", words)
      }),
    )
  }

  const ofPackages = {
    file: new RegExp(
      String.raw`^A package of the stage untidy read .*CHANGELOG\.md, ` +
        String.raw`which the key of the stage does not see\. Declare the file as a source`,
    ),
    writing:
      /^A package of the stage untidy wrote .*left-behind, which no record keeps\. Return its bytes as an output\.$/,
    child: /^A package of the stage untidy started a process/,
  }
  for (const [does, words] of Object.entries(ofPackages)) {
    it.effect(`has no package that does it either (${does})`, () =>
      Effect.gen(function* () {
        const { result } = yield* runJob(untidyJob(does))
        assert.match(result._tag === "Failed" ? result.message : "", words)
      }),
    )
  }

  it.effect("has the JSON that its module imports", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* valuesOf(reaching, yield* reach("imported")), { value: true })
    }),
  )
})
