// What was foretold is what a run does: for random small graphs in any prior store, with any journal and of any part.
// What foretells is a parameter; wrong ones are caught.
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import { foresee } from "../../pipeline/foresee.ts"
import type { Foreseen } from "../../pipeline/foreseen.ts"
import type { Node } from "../../pipeline/node.ts"
import { inputsOf, type Plan } from "../../pipeline/plan.ts"
import { run } from "../../pipeline/run.ts"
import { areDone, digestsOf, doneBy, type Settlements } from "../../pipeline/settled.ts"
import { decide, type Context } from "../../pipeline/step.ts"
import { world } from "../support/engine.ts"
import { agrees, type Foresight } from "../support/foretold.ts"
import { sceneOf, stories, type Story } from "../support/history.ts"

const check = (foresight: Foresight, seen: Set<string> = new Set()) =>
  fc.check(
    fc.asyncProperty(stories, (story: Story) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const scene = yield* sceneOf(run, { ...story, inside: [] })
          if (scene !== undefined)
            for (const pair of (yield* agrees(scene.plan, scene.context, foresight, scene.begin)).pairs) seen.add(pair)
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
  (change: (what: Foreseen, node: Node, context: Context) => Foreseen): Foresight =>
  (plan, context) =>
    Effect.map(
      foresee(plan, context),
      (foreseen) => new Map(Array.from(foreseen, ([each, what]) => [each, change(what, each, context)])),
    )

const anyGraph =
  "for random small graphs, any prior store, any journal and any part, what was foretold is what a run does"
describe(anyGraph, () => {
  it("holds for what the engine foretells, and all that can be foretold is", async () => {
    const seen = new Set<string>()
    const { failed, errorInstance, counterexample } = await check(foresee, seen)
    assert.isFalse(failed, `${String(errorInstance)}\n${JSON.stringify(counterexample)}`)
    assert.includeMembers(
      [...seen],
      ["Hit hit", "Run run", "Maybe hit", "Maybe run", "Maybe joined", "Blocked refused"],
    )
  }, 600_000)

  /** Asks every node for itself, with what the nodes before it would give. */
  const eachForItself: Foresight = Effect.fnUntraced(function* (plan: Plan, context: Context) {
    const known: Settlements = new Map()
    const foreseen = new Map<Node, Foreseen>()
    for (const each of plan.nodes) {
      const decision =
        each._tag === "StageNode" && areDone(each, known)
          ? yield* decide(each, digestsOf(each, known), context)
          : undefined
      if (decision?._tag === "Hit") known.set(each, doneBy(decision))
      if (context.leftOut.has(each)) continue
      if (decision?._tag === "Hit") foreseen.set(each, { _tag: "Hit", key: decision.key, outputs: [], seconds: 0 })
      else
        foreseen.set(
          each,
          decision === undefined
            ? { _tag: "Maybe", behind: inputsOf(each)[0]!.node.name, differences: [] }
            : { _tag: "Run", reason: decision.reason },
        )
    }
    return foreseen
  })
  const firstRun: Foreseen = { _tag: "Run", reason: { _tag: "FirstRun" } }
  const wrong: { readonly [vice: string]: Foresight } = {
    "asks every node for itself": eachForItself,
    "takes what no journal knows for a first run": changing((what, { name }, { lastKey }) =>
      what._tag === "Maybe" && lastKey(name) === undefined ? firstRun : what,
    ),
    "takes every maybe for a run": changing((what) => (what._tag === "Maybe" ? firstRun : what)),
    "takes every maybe for a hit": changing((what) =>
      what._tag === "Maybe" ? { _tag: "Hit", key: null, outputs: [], seconds: 0 } : what,
    ),
  }
  for (const [vice, foresight] of Object.entries(wrong)) {
    it(`catches a foresight that ${vice}`, async () => {
      assert.isTrue((await check(foresight)).failed)
    })
  }
})
