// Is what was foretold what a run does? A hit is to be a hit, what is to run runs, a maybe is one of the two, and what
// cannot run is refused.
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { refuseBlocked } from "../../pipeline/command/choose.ts"
import type { foresee } from "../../pipeline/foresee.ts"
import type { Foreseen } from "../../pipeline/foreseen.ts"
import * as message from "../../pipeline/message/run.ts"
import type { Plan } from "../../pipeline/plan.ts"
import { run } from "../../pipeline/run.ts"
import type { Context } from "../../pipeline/step.ts"
import { outcomes } from "./engine.ts"

/** Any way to foretell. */
export type Foresight = typeof foresee

const allowed: { readonly [T in Foreseen["_tag"]]: ReadonlyArray<string> } = {
  Hit: ["hit", "joined"],
  Run: ["run"],
  Maybe: ["hit", "joined", "run"],
  Blocked: [],
}

/** Runs what was foretold, and throws where it comes otherwise. Gives what was foretold, and how it ended. */
export const agrees = Effect.fnUntraced(function* (
  plan: Plan,
  context: Context,
  foresight: Foresight,
  begin: Effect.Effect<void> = Effect.void,
) {
  const foreseen = yield* foresight(plan, context)
  const sentences = Object.fromEntries(Array.from(foreseen, ([{ name }, what]) => [name, message.foreseen(what)]))
  if ([...foreseen.values()].some(({ _tag }) => _tag === "Blocked")) {
    assert.deepInclude(yield* Effect.flip(refuseBlocked(plan, context)), { _tag: "PlanError", reason: "InputMissing" })
    return { sentences, pairs: ["Blocked refused"] }
  }
  yield* refuseBlocked(plan, context)
  yield* begin
  const ended = outcomes(yield* run(plan, context))
  // What is left out behind a node that runs: whether it is there as it is needed nobody knows before.
  const isMissing = plan.nodes.some((each) => context.leftOut.has(each) && ended[each.name] === "failed: SpecError")
  for (const [{ name }, what] of foreseen) {
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
  return { sentences, pairs: Array.from(foreseen, ([{ name }, what]) => `${what._tag} ${ended[name]!.split(":")[0]}`) }
})
