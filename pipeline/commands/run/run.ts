// `pipeline run SPEC`: the main path from a spec to its page. Knows nothing about executors, or how a node is decided.
import { Effect, Option } from "effect"
import { beAtWork } from "../../../cache/live.ts"
import { openRunJournal } from "../../history/run-journal.ts"
import { countChecks, type Judged } from "../../check.ts"
import { judgeChecks, type Finished } from "../../run/verdicts.ts"
import { codeOf, exitCode, worst, type ExitCode } from "../../error.ts"
import { Events } from "../../event.ts"
import { junit, runSuites } from "../../printer/junit.ts"
import { load } from "../../plan/load.ts"
import { writePage } from "../../page/page.ts"
import { prepare, type Limits } from "../../run/context.ts"
import { pageOf, refuseTakenFolder } from "../../page/publish.ts"
import { run } from "../../run/run.ts"
import { asked, countsOf, type Settlements } from "../../run/settled.ts"
import type { Run } from "../../page/page-content.ts"
import { choose, narrows, refuseBlocked, type Choice } from "../choose.ts"
import { write } from "../write.ts"

export interface RunOptions extends Limits, Choice {
  readonly spec: string
  readonly set: { readonly [name: string]: string }
  /** Directory of the store. */
  readonly store: string
  /** The directory in which each spec's page gets its own folder. */
  readonly out: string
  /** Receives a function that ends the run gently, as soon as this is possible. */
  readonly onDrain: (drain: () => void) => void
  /** Where to write the ends of nodes and checks for build servers (JUnit XML). */
  readonly junit: Option.Option<string>
}

/** A finished run, and how it went. */
interface Ran {
  readonly finished: Finished
  /** How the selected nodes ended. */
  readonly ended: Settlements
  readonly judged: ReadonlyArray<Judged>
  readonly code: ExitCode
}

export const runCommand = Effect.fn("runCommand")(function* (options: RunOptions) {
  const { ended, judged, code } = yield* runSpec(options)
  if (Option.isSome(options.junit)) yield* write(options.junit.value, junit(runSuites(ended, judged)))
  return code
}, Effect.scoped)

/**
 * 1. loads the spec and orders its nodes;
 * 2. prepares what the decisions need, and selects the part that is asked for;
 * 3. runs the nodes and writes the journal;
 * 4. judges the checks;
 * 5. draws the page.
 * The exit code tells how it went.
 */
export const runSpec = Effect.fn("runSpec")(function* (options: Omit<RunOptions, "junit">) {
  const started = performance.now()
  const events = yield* Events
  const loaded = yield* load(options.spec, options.set) // 1
  const directory = pageOf(loaded.path, options.out, narrows(options))
  yield* refuseTakenFolder(directory, loaded.path)
  yield* beAtWork
  const prepared = yield* prepare(loaded, options.store, options) // 2
  const { history } = prepared
  const { plan, context } = yield* choose(loaded.plan, options, prepared)
  yield* refuseBlocked(plan, context)
  options.onDrain(() => {
    prepared.drain()
    Effect.runFork(events.tell({ _tag: "Draining" }))
  })
  const expectedSeconds = new Map(Array.from(history, ([node, { seconds }]) => [node, seconds]))
  yield* events.tell({
    _tag: "RunStarted",
    spec: loaded.path,
    nodes: loaded.plan.nodes.length - context.leftOut.size,
    expectedSeconds,
  })
  const account = yield* openRunJournal({ ...loaded, plan }, prepared, context)
  const settled = yield* account.listening(run(plan, context)) // 3
  const elapsed = (): number => (performance.now() - started) / 1000
  const finished = { loaded: { ...loaded, plan }, settled, context }
  const ran = (): Run => ({ counts: countsOf(asked(settled, context)), seconds: elapsed(), patterns: options })
  // An interrupted run has nothing to judge yet, and its last page stays.
  const nothing = { judged: [], drawn: exitCode.done }
  const { judged, drawn } = context.draining() ? nothing : yield* account.listening(conclude(finished, directory, ran))
  const ended = asked(settled, context)
  const counts = countsOf(ended)
  yield* events.tell({
    _tag: "RunDone",
    counts,
    checks: countChecks(judged),
    leftOut: loaded.plan.nodes.length - ended.size,
    seconds: elapsed(),
  })
  const code = worst([...codesOf(settled, judged, context.draining()), drawn])
  yield* account.close({ code, counts, seconds: elapsed(), settled: ended, judged })
  return { finished, ended, judged, code } satisfies Ran
})

/**
 * Judges the checks and draws the page. Repeats both if a result that was made again for the page came out different.
 */
const conclude = Effect.fnUntraced(function* (finished: Finished, directory: string, ran: () => Run) {
  for (;;) {
    const judged = yield* judgeChecks(finished) // 4
    const drawn = yield* drawPage(finished, judged, directory, ran()) // 5
    if (drawn !== "Changed") return { judged, drawn }
  }
})

/** Draws the page and returns how this went. A page that cannot be drawn or written does not undo the run. */
const drawPage = (...[finished, judged, directory, run]: Parameters<typeof writePage>) =>
  writePage(finished, judged, directory, run).pipe(
    Effect.map((isStillValid) => (isStillValid ? exitCode.done : "Changed")),
    Effect.catchTag(
      "SpecError",
      Effect.fnUntraced(function* (error) {
        const events = yield* Events
        yield* events.tell({ _tag: "PageKept", path: directory, because: error.message })
        return error.reason === "Unwritable" ? exitCode.infrastructure : exitCode.usage
      }),
    ),
  )

const codesOf = function* (
  settled: Settlements,
  judged: ReadonlyArray<Judged>,
  interrupted: boolean,
): Generator<ExitCode> {
  if (interrupted) yield exitCode.interrupted
  for (const how of settled.values()) if (how._tag === "Failed") yield codeOf(how.error)
  if (judged.some((each) => !each.asDeclared)) yield exitCode.verdictDiffers
}
