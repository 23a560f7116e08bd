// Is what was foretold what a run does? A hit is to be a hit, what is to run runs, a maybe is one of the two, and what
// cannot run is refused.
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { refuseBlocked } from "../../pipeline/commands/choose.ts"
import type { predict } from "../../pipeline/run/predict.ts"
import type { Prediction } from "../../pipeline/run/prediction.ts"
import * as message from "../../pipeline/run/message.ts"
import type { Plan } from "../../pipeline/plan/plan.ts"
import { run } from "../../pipeline/run/run.ts"
import { outcomes } from "./engine.ts"
import type { RunContext } from "../../pipeline/run/context.ts"

/** Any way to foretell. */
export type Outlook = typeof predict

const allowed: { readonly [T in Prediction["_tag"]]: ReadonlyArray<string> } = {
  Hit: ["hit", "joined"],
  Run: ["run"],
  Maybe: ["hit", "joined", "run"],
  Blocked: [],
}

/** Runs what was foretold, and throws where it comes otherwise. Gives what was foretold, and how it ended. */
export const agrees = Effect.fnUntraced(function* (
  plan: Plan,
  context: RunContext,
  outlook: Outlook,
  begin: Effect.Effect<void> = Effect.void,
) {
  const predicted = yield* outlook(plan, context)
  const sentences = Object.fromEntries(Array.from(predicted, ([{ name }, what]) => [name, message.predicted(what)]))
  if ([...predicted.values()].some(({ _tag }) => _tag === "Blocked")) {
    assert.deepInclude(yield* Effect.flip(refuseBlocked(plan, context)), { _tag: "PlanError", reason: "InputMissing" })
    return { sentences, pairs: ["Blocked refused"] }
  }
  yield* refuseBlocked(plan, context)
  yield* begin
  const ended = outcomes(yield* run(plan, context))
  // What is left out behind a node that runs: whether it is there as it is needed nobody knows before.
  const isMissing = plan.nodes.some((each) => context.leftOut.has(each) && ended[each.name] === "failed: SpecError")
  for (const [{ name }, what] of predicted) {
    const fits =
      allowed[what._tag].includes(ended[name]!) ||
      (what._tag === "Maybe" && isMissing && ended[name]!.startsWith("skipped"))
    assert.isTrue(
      fits,
      Object.entries(sentences)
        .map(([each, sentence]) => `${each}  ${sentence} -> ${ended[each]}`)
        .join("\n"),
    )
  }
  return { sentences, pairs: Array.from(predicted, ([{ name }, what]) => `${what._tag} ${ended[name]!.split(":")[0]}`) }
})
