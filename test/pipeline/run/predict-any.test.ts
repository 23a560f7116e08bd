// What was foretold is what a run does: for random small graphs in any prior store, with any journal and of any part.
// What foretells is a parameter; wrong ones are caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import { predict } from "../../../pipeline/run/predict.ts"
import type { Prediction } from "../../../pipeline/run/prediction.ts"
import type { Node } from "../../../pipeline/node.ts"
import { inputsOf, type Plan } from "../../../pipeline/plan/plan.ts"
import { run } from "../../../pipeline/run/run.ts"
import { areDone, digestsOf, doneBy, type Settlements } from "../../../pipeline/run/settled.ts"
import { decide } from "../../../pipeline/run/step.ts"
import { world } from "../../support/engine.ts"
import { agrees, type Outlook } from "../../support/predicted.ts"
import { sceneOf, stories, type Story } from "../../support/history.ts"
import type { RunContext } from "../../../pipeline/run/context.ts"

const check = (outlook: Outlook, seen: Set<string> = new Set()) =>
  fc.check(
    fc.asyncProperty(stories, (story: Story) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const scene = yield* sceneOf(run, { ...story, inside: [] })
          if (scene !== undefined)
            for (const pair of (yield* agrees(scene.plan, scene.context, outlook, scene.begin)).pairs) seen.add(pair)
        }).pipe(Effect.provide(world), Effect.timeout("5 seconds")),
      ),
    ),
    {
      numRuns: Number(process.env["RUNS"] ?? 200),
      seed: Number(process.env["SEED"] ?? 20_260_103),
      endOnFailure: true,
    },
  )

/** What the engine foretells, with each changed. */
const changing =
  (change: (what: Prediction, node: Node, context: RunContext) => Prediction): Outlook =>
  (plan, context) =>
    Effect.map(
      predict(plan, context),
      (predicted) => new Map(Array.from(predicted, ([each, what]) => [each, change(what, each, context)])),
    )

const anyGraph =
  "for random small graphs, any prior store, any journal and any part, what was foretold is what a run does"
describe(anyGraph, () => {
  it("holds for what the engine foretells, and all that can be foretold is", async () => {
    const seen = new Set<string>()
    const { failed, errorInstance, counterexample } = await check(predict, seen)
    assert.isFalse(failed, `${String(errorInstance)}\n${JSON.stringify(counterexample)}`)
    assert.includeMembers(
      [...seen],
      ["Hit hit", "Run run", "Maybe hit", "Maybe run", "Maybe joined", "Blocked refused"],
    )
  }, 600_000)

  /** Asks every node for itself, with what the nodes before it would give. */
  const eachForItself: Outlook = Effect.fnUntraced(function* (plan: Plan, context: RunContext) {
    const known: Settlements = new Map()
    const predicted = new Map<Node, Prediction>()
    for (const each of plan.nodes) {
      const decision =
        each._tag === "StageNode" && areDone(each, known)
          ? yield* decide(each, digestsOf(each, known), context)
          : undefined
      if (decision?._tag === "Hit") known.set(each, doneBy(decision))
      if (context.leftOut.has(each)) continue
      if (decision?._tag === "Hit") predicted.set(each, { _tag: "Hit", key: decision.key, outputs: [], seconds: 0 })
      else
        predicted.set(
          each,
          decision === undefined
            ? { _tag: "Maybe", behind: inputsOf(each)[0]!.node.name, differences: [] }
            : { _tag: "Run", reason: decision.reason },
        )
    }
    return predicted
  })
  const firstRun: Prediction = { _tag: "Run", reason: { _tag: "FirstRun" } }
  const wrong: { readonly [vice: string]: Outlook } = {
    "asks every node for itself": eachForItself,
    "takes what no journal knows for a first run": changing((what, { name }, { lastKey }) =>
      what._tag === "Maybe" && lastKey(name) === undefined ? firstRun : what,
    ),
    "takes every maybe for a run": changing((what) => (what._tag === "Maybe" ? firstRun : what)),
    "takes every maybe for a hit": changing((what) =>
      what._tag === "Maybe" ? { _tag: "Hit", key: null, outputs: [], seconds: 0 } : what,
    ),
  }
  for (const [vice, outlook] of Object.entries(wrong)) {
    it(`catches a outlook that ${vice}`, async () => {
      assert.isTrue((await check(outlook)).failed)
    })
  }
})
