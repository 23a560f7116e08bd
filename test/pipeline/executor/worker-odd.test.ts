// Bodies that throw, give or leave behind what nobody expects: each fails by name, in words, and no engine breaks.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { memoryLayer } from "../../../cache/memory.ts"
import type { AnyStage } from "../../../pipeline/node.ts"
import { jobOf, performJob } from "../../support/job.ts"
import { bodiless, giving, letting, throwing } from "../../support/odd-stages.ts"

const table = (of: AnyStage, rows: { readonly [by: string]: string | RegExp }): void => {
  for (const [by, says] of Object.entries(rows))
    it.live(`${by}: ${says}`, () =>
      Effect.gen(function* () {
        const { result } = yield* Effect.timeout(performJob(jobOf(of, { by })), "5 seconds")
        const end = result._tag === "Failed" ? `${result.reason}: ${result.message}` : result._tag
        if (typeof says === "string") assert.strictEqual(end, says)
        else assert.match(end, says)
      }).pipe(Effect.provide(memoryLayer)),
    )
}

describe("a body that throws", () => {
  table(throwing, {
    "its own cause": "Defect: Error: x",
    "a circle of causes": "Defect: Error: x",
    "a message that throws": "Defect: Error: its message cannot be read",
    "a name that throws": "Defect: Error: x",
    "a cause that throws": "Defect: Error: x",
    "a stack that throws": "Defect: Error: x",
    "a message that is none": "Defect: Error: [object Object]",
    "a message that has no text": "Defect: Error: its message cannot be read",
    "a record": "Defect: { odd: 1 }",
    "a list": "Defect: [ 1, { odd: [] } ]",
    nothing: "Defect: undefined",
    null: "Defect: null",
    "a number": "Defect: 5",
    "a symbol": "Defect: Symbol(x)",
    "a function": "Defect: [Function: throws]",
    "an imitated failure": "Defect: { _tag: 'StageError', reason: 'Odd', message: 5 }",
    "a proxy": /^Defect: /,
  })
})

describe("a body that lets go of a promise that fails, in its last turn,", () => {
  table(letting, {
    promise: "Defect: Error: x",
    sync: "Defect: Error: x",
    "in the run": "Defect: Error: x",
    "after a tick": "Defect: Error: x",
    "after many turns": "Defect: Error: x",
    "in a microtask": "Defect: Error: x",
    waited: "Made",
  })
})

const wanted =
  "but must give an Effect of its outputs: Effect.succeed({ v }), or Effect.promise for work that takes time"
const record = "but must give a record of its outputs, which are v (json)"
describe("a body that gives", () => {
  table(giving, {
    "an undeclared output": "Defect: giving gives w, which it does not declare; its outputs are v (json)",
    "another output": "Defect: giving gives w, which it does not declare; its outputs are v (json)",
    "no output": "Defect: giving declares the output v (json): it was not given",
    undefined: `Defect: the Effect of giving gives nothing, ${record}`,
    null: `Defect: the Effect of giving gives null, ${record}`,
    five: `Defect: the Effect of giving gives 5, ${record}`,
    "a list": `Defect: the Effect of giving gives a list, ${record}`,
    "a Map": `Defect: the Effect of giving gives a Map, ${record}`,
    "a getter": /^Defect: what giving gives\.v is a getter or a setter, /,
    "a bare five": `Defect: the body of giving gives 5, ${wanted}`,
    "a bare record": `Defect: the body of giving gives a record, ${wanted}`,
    "a promise": `Defect: the body of giving gives a Promise, ${wanted}`,
    nothing: `Defect: the body of giving gives nothing, ${wanted}`,
  })
  table(bodiless, { "no function run": /^Defect: the run of bodiless gives a record, but must give a module with/ })
})
