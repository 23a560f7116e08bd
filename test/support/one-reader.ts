// An engine that is wrong on purpose: it makes what is gone again for the node that misses it, as if nobody else had
// read it, and settles every other node once.
import { Effect } from "effect"
import { CacheError } from "../../cache/store.ts"
import type { StageNode } from "../../pipeline/node.ts"
import { inputsOf, type Plan } from "../../pipeline/plan/plan.ts"
import { digestsOf, storedOf, type Settlements } from "../../pipeline/run/settled.ts"
import { step } from "../../pipeline/run/step.ts"
import type { RunContext } from "../../pipeline/run/context.ts"

export const forOneReader = Effect.fnUntraced(function* (plan: Plan, context: RunContext) {
  const settled: Settlements = new Map()
  type Stepped = ReturnType<typeof step>
  const make = (each: StageNode): Effect.Effect<void, Effect.Error<Stepped>, Effect.Services<Stepped>> =>
    Effect.suspend(() => step(each, digestsOf(each, settled), context)).pipe(
      Effect.map((made) => void settled.set(each, { _tag: "Done", ...made })),
      Effect.catchIf(
        (error) => error instanceof CacheError,
        ({ what }) => {
          const lost = inputsOf(each).find((output) => storedOf(output, settled)?.digest === what)!
          return Effect.andThen(make(lost.node as StageNode), make(each))
        },
      ),
    )
  for (const each of plan.nodes) yield* make(each as StageNode)
  return settled
})
