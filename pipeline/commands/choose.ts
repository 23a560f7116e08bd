// The part of a plan that a command works on: the nodes that patterns select, and the nodes that failed last time.
// Knows nothing about what the command does with them.
import { Effect } from "effect"
import type { CacheError, Store } from "../../cache/store.ts"
import { PlanError, type SpecError } from "../error.ts"
import { predict } from "../run/predict.ts"
import { inputsMissing, nothingFailed } from "../run/message.ts"
import type { Plan } from "../plan/plan.ts"
import type { Prepared, RunContext } from "../run/context.ts"
import { noPatterns, select, type Patterns } from "../plan/select.ts"

export interface Choice extends Patterns {
  /** Like `from` with every node that failed last time and is not a hit now. */
  readonly retryFailed: boolean
}

export const everything: Choice = { ...noPatterns, retryFailed: false }

/** Whether a choice selects anything, even if it happens to select the whole plan. */
export const narrows = ({ until, from, only, except, retryFailed }: Choice): boolean =>
  retryFailed || [until, from, only, except].some((list) => list.length > 0)

/**
 * The selected plan with all nodes it needs, and a context that knows which of these nodes are left out and which are
 * forced.
 */
export const choose = Effect.fn("choose")(function* (
  plan: Plan,
  choice: Choice,
  prepared: Prepared,
): Effect.fn.Return<{ readonly plan: Plan; readonly context: RunContext }, PlanError | CacheError | SpecError, Store> {
  const from = choice.retryFailed ? [...choice.from, ...(yield* failedNow(plan, prepared))] : choice.from
  const { plan: part, leftOut, forced } = yield* selected(plan, { ...choice, from })
  return { plan: part, context: { ...prepared.context, leftOut, forced } }
})

const selected = (plan: Plan, patterns: Patterns): Effect.Effect<ReturnType<typeof select>, PlanError> =>
  Effect.sync(() => select(plan, patterns)).pipe(
    Effect.catchDefect((defect) => (defect instanceof PlanError ? Effect.fail(defect) : Effect.die(defect))),
  )

// The journal never deletes a failure; a node that was made since then is a hit.
const failedNow = Effect.fnUntraced(function* (plan: Plan, { failures, context }: Prepared) {
  const known = [...failures.keys()].filter((name) => plan.byName.has(name))
  const predicted =
    known.length === 0
      ? []
      : [...(yield* predict((yield* selected(plan, { ...noPatterns, until: known })).plan, context))]
  const failed = predicted.flatMap(([{ name }, what]) => (what._tag !== "Hit" && failures.has(name) ? [name] : []))
  return failed.length > 0 ? failed : yield* new PlanError({ reason: "NothingSelected", message: nothingFailed })
})

/** Fails if an input is left out and not in the store. This is a mistake in the patterns, and nothing starts. */
export const refuseBlocked = Effect.fnUntraced(function* (
  plan: Plan,
  context: RunContext,
): Effect.fn.Return<void, PlanError | CacheError | SpecError, Store> {
  if (!plan.nodes.some((node) => context.leftOut.has(node))) return
  const inputs = [...(yield* predict(plan, context)).values()].flatMap((what) =>
    what._tag === "Blocked" ? [what.input] : [],
  )
  if (inputs.length > 0)
    return yield* new PlanError({ reason: "InputMissing", message: inputsMissing([...new Set(inputs)]) })
})
