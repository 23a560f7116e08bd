// What a finished run yields first: the values of its outputs, and the verdict of every check. Knows nothing about the
// page.
import { Effect } from "effect"
import type { CacheError, Store } from "../../cache/store.ts"
import { codecs } from "../artifact/artifact.ts"
import { judge, leftOut } from "../check.ts"
import { Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import type { Loaded } from "../plan/load.ts"
import type { Output } from "../node.ts"
import { read } from "./run.ts"
import type { Settlements } from "./settled.ts"
import type { Table } from "../stage.ts"
import type { RunContext } from "./context.ts"

/** A finished run. */
export interface Finished {
  readonly loaded: Loaded
  readonly settled: Settlements
  readonly context: RunContext
}

/** Reads the values of outputs, all from one state of the run; undefined if a node did not end well. */
export const valuesOf = Effect.fnUntraced(function* (
  { loaded, settled, context }: Finished,
  outputs: ReadonlyArray<Output>,
  reader: string,
): Effect.fn.Return<(output: Output) => unknown, CacheError, Store | Executor | Events> {
  const bytesOf = yield* read(outputs, reader, loaded.plan, settled, context)
  return (output) => {
    const bytes = bytesOf(output)
    return bytes === undefined ? undefined : codecs[output.kind.kind].decode(bytes)
  }
})

/** Judges every check of the spec with the tables of the run. */
export const judgeChecks = Effect.fn("judgeChecks")(function* (finished: Finished) {
  const events = yield* Events
  const { checks, scale } = finished.loaded.built
  const tableOf = yield* valuesOf(
    finished,
    checks.map(({ value }) => value.output),
    "a check",
  )
  return yield* Effect.forEach(
    checks,
    Effect.fnUntraced(function* (check) {
      const table = tableOf(check.value.output) as Table | undefined
      // A check that was not selected is not reported; it counts as not judged.
      if (table === undefined && finished.context.leftOut.has(check.value.output.node)) return leftOut(check, scale)
      const judged = judge(check, table, scale)
      yield* events.tell({ _tag: "CheckJudged", judged })
      return judged
    }),
  )
})
