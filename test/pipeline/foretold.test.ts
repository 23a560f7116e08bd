// What was foretold is what a run does: for random small graphs in any prior store, with any journal and of any part.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import { foresee } from "../../pipeline/foresee.ts"
import type { Foreseen } from "../../pipeline/foreseen.ts"
import * as message from "../../pipeline/message/run.ts"
import { refuseBlocked } from "../../pipeline/command/choose.ts"
import { run } from "../../pipeline/run.ts"
import { outcomes, world } from "../support/engine.ts"
import { sceneOf, stories, type Story } from "../support/history.ts"

const allowed: { readonly [T in Foreseen["_tag"]]: ReadonlyArray<string> } = { Hit: ["hit", "joined"], Run: ["run"], Maybe: ["hit", "joined", "run"], Blocked: [] }

const holds = (story: Story, seen: Map<string, number>) =>
  Effect.gen(function* () {
    const scene = yield* sceneOf(run, { ...story, inside: [] })
    if (scene === undefined) return
    const { plan, context, begin } = scene
    const foreseen = yield* foresee(plan, context)
    if ([...foreseen.values()].some(({ _tag }) => _tag === "Blocked")) {
      seen.set("blocked", (seen.get("blocked") ?? 0) + 1)
      assert.deepInclude(yield* Effect.flip(refuseBlocked(plan, context)), { _tag: "PlanError", reason: "InputMissing" })
      return
    }
    yield* refuseBlocked(plan, context)
    yield* begin
    const settled = yield* run(plan, context)
    const ended = outcomes(settled)
    const story_ = [...foreseen].map(([{ name }, what]) => `${name}  ${message.foreseen(what)} -> ${ended[name]}`).join("\n")
    for (const [node, what] of foreseen) {
      const end = ended[node.name]!
      seen.set(`${what._tag} ${end}`.replace(/: .*/, ""), (seen.get(`${what._tag} ${end}`.replace(/: .*/, "")) ?? 0) + 1)
      // Behind a node that is left out and that lies behind one that runs, nobody can know.
      const cannot = what._tag === "Maybe" && end.startsWith("skipped") && plan.nodes.some((each) => context.leftOut.has(each) && ended[each.name] === "failed: SpecError")
      const fine = cannot || allowed[what._tag].includes(end)
      assert.isTrue(fine, `${node.name} ${end}\n${story_}`)
    }
  })

describe("what was foretold", () => {
  it("is what a run does", async () => {
    const seen = new Map<string, number>()
    const { failed, errorInstance, counterexample } = await fc.check(
      fc.asyncProperty(stories, (story) => Effect.runPromise(holds(story, seen).pipe(Effect.provide(world), Effect.timeout("5 seconds")))),
      { numRuns: Number(process.env["RUNS"] ?? 300), seed: Number(process.env["SEED"] ?? 1), endOnFailure: process.env["END"] === undefined ? true : false },
    )
    console.log(seen)
    assert.isFalse(failed, `${String(errorInstance)}\n${JSON.stringify(counterexample)}`)
  }, 600_000)
})
