// What comes of a finished run first: the values of its outputs, and the verdict of every check.
import { Effect } from "effect"
import { Store } from "../cache/store.ts"
import { codecs } from "./artifact.ts"
import { judge, leftOut } from "./check.ts"
import type { NodeError } from "./error.ts"
import { Events } from "./event.ts"
import type { Executor } from "./executor.ts"
import type { Loaded } from "./load.ts"
import type { Output } from "./node.ts"
import { fetch, storedOf, type Settlements } from "./run.ts"
import type { Table } from "./stage.ts"
import type { Context, Stopped } from "./step.ts"

/** A run at its end. */
export interface Finished {
  readonly loaded: Loaded
  readonly settled: Settlements
  readonly context: Context
}

/** The value of an output; undefined where its node did not end well. */
export const valueOf = Effect.fnUntraced(function* ({ settled, context }: Finished, output: Output): Effect.fn.Return<unknown, NodeError | Stopped, Store | Executor | Events> {
  if (storedOf(output, settled) === undefined) return undefined
  const store = yield* Store
  return yield* fetch(output, (stored) => Effect.map(store.get(stored.digest), codecs[output.kind.kind].decode), "the page", settled, context)
})

/** Judges every check of the spec by the tables of the run. */
export const judgeChecks = Effect.fn("judgeChecks")(function* (finished: Finished) {
  const events = yield* Events
  const { checks, scale } = finished.loaded.built
  return yield* Effect.forEach(
    checks,
    Effect.fnUntraced(function* (check) {
      const table = (yield* valueOf(finished, check.value.output)) as Table | undefined
      // Of what was not asked for nothing is said: it counts as not tested.
      if (table === undefined && finished.context.leftOut.has(check.value.output.node)) return leftOut(check, scale)
      const judged = judge(check, table, scale)
      yield* events.tell({ _tag: "CheckJudged", judged })
      return judged
    }),
  )
})
