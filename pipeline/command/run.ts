// `pipeline run SPEC`: the main path from a spec to its page.
import { randomUUID } from "node:crypto"
import { basename, join } from "node:path"
import { Effect, Option } from "effect"
import { Journal, type Entry } from "../../cache/journal.ts"
import type { Judged } from "../check.ts"
import { judgeChecks } from "../conclude.ts"
import { exitCode, worst, type ExitCode, type NodeError } from "../error.ts"
import { Events, type Event } from "../event.ts"
import { load } from "../load.ts"
import { failure } from "../message.ts"
import { writePage } from "../page.ts"
import { journalId, prepare, type Limits, type Prepared } from "../prepare.ts"
import { countsOf, run, type Settlements } from "../run.ts"

export interface RunOptions extends Limits {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
  /** Directory of the store. */
  readonly store: string
  /** Directory in which each spec's page gets its own. */
  readonly out: string
  /** Told how to end the run gently, as soon as that can be done. */
  readonly onDrain: (drain: () => void) => void
}

/**
 * 1. loads the spec and orders its nodes;
 * 2. prepares what the decisions need;
 * 3. runs the nodes, keeping a journal;
 * 4. judges the checks;
 * 5. draws the page;
 * and says by its exit code how it went.
 */
export const runCommand = Effect.fn("runCommand")(function* (options: RunOptions) {
  const started = performance.now()
  const events = yield* Events
  const loaded = yield* load(options.spec, options.set) // 1
  const prepared = yield* prepare(loaded, options.store, options) // 2
  const { context, history } = prepared
  options.onDrain(() => {
    prepared.drain()
    Effect.runFork(events.tell({ _tag: "Draining" }))
  })
  const expectedSeconds = new Map([...history].map(([node, { seconds }]) => [node, seconds]))
  yield* events.tell({ _tag: "RunStarted", spec: loaded.path, nodes: loaded.plan.nodes.length, expectedSeconds })
  const settled = yield* journaled(loaded.path, prepared, run(loaded.plan, context)) // 3
  const counts = countsOf(settled)
  const elapsed = (): number => (performance.now() - started) / 1000
  const finished = { loaded, settled, context }
  // What was interrupted has nothing to be judged by yet, and its last page still stands.
  const judged = context.draining() ? [] : yield* judgeChecks(finished) // 4
  const drawn = context.draining() || (yield* drawPage(finished, judged, join(options.out, basename(loaded.path, ".ts")), { counts, seconds: elapsed() })) // 5
  const failed = judged.filter((each) => !each.asDeclared).length
  const untested = judged.filter((each) => each.asDeclared && each.verdict === "not tested").length
  yield* events.tell({ _tag: "RunDone", counts, checks: { passed: judged.length - failed - untested, failed, untested }, seconds: elapsed() })
  return worst([...codesOf(settled, judged, context.draining()), ...(drawn ? [] : [exitCode.infrastructure])])
})

/** Whether the page stands. A folder that cannot be written takes nothing of the run back. */
const drawPage = (...[finished, judged, directory, run]: Parameters<typeof writePage>) =>
  writePage(finished, judged, directory, run).pipe(
    Effect.as(true),
    Effect.catchTag(
      "SpecError",
      Effect.fnUntraced(function* (error) {
        const events = yield* Events
        yield* events.tell({ _tag: "PageKept", path: directory, because: error.message })
        return false
      }),
    ),
  )

// Each node's end is written as it comes, so that what a killed run did is known to the next.
const journaled = <E, R>(spec: string, { history }: Prepared, work: Effect.Effect<Settlements, E, R>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const journal = yield* Journal
      const events = yield* Events
      const open = yield* journal.open(`${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${randomUUID().slice(0, 8)}`)
      const settled = yield* work.pipe(
        Effect.provideService(Events, {
          tell: (event) =>
            Effect.andThen(
              events.tell(event),
              Option.match(entryOf(spec, event, history), { onNone: () => Effect.void, onSome: ({ id, value }) => Effect.ignore(open.append(id, value)) }),
            ),
        }),
      )
      yield* open.flush
      return settled
    }),
  )

const entryOf = (spec: string, event: Event, history: Prepared["history"]): Option.Option<Entry> => {
  if (event._tag === "NodeDone" && event.key !== null && history.get(event.node)?.key !== event.key) {
    return Option.some({ id: journalId(spec, event.node, "done"), value: { key: event.key, seconds: event.seconds, outcome: event.outcome } })
  }
  if (event._tag === "NodeFailed") {
    const log = event.error._tag === "StageError" ? (event.error.log ?? null) : null
    return Option.some({ id: journalId(spec, event.node, "failed"), value: { message: failure(event.error), log } })
  }
  return Option.none()
}

const codesOf = function* (settled: Settlements, judged: ReadonlyArray<Judged>, interrupted: boolean): Generator<ExitCode> {
  if (interrupted) yield exitCode.interrupted
  for (const how of settled.values()) if (how._tag === "Failed") yield codeOf(how.error)
  if (judged.some((each) => !each.asDeclared)) yield exitCode.verdictDiffers
}

/** The exit code of a failed node. */
export const codeOf = (error: NodeError): ExitCode => {
  switch (error._tag) {
    case "StageError":
      return exitCode.stageFailed
    case "SpecError":
      return exitCode.usage
    case "CacheError":
      return exitCode.infrastructure
    case "ExecutorError":
      return error.reason === "TimedOut" ? exitCode.timedOut : exitCode.infrastructure
  }
}
