// What does a run write to the journal? Its start, its end, and how each node ended. A node that is the same as last
// time gets no line; `runs.ts` adds it again when it reads. Knows nothing about how the lines are shown.
import { randomUUID } from "node:crypto"
import { Clock, Effect, type Scope } from "effect"
import type { Data } from "../../cache/digest.ts"
import { Journal } from "../../cache/journal.ts"
import type { CacheError } from "../../cache/store.ts"
import type { Judged } from "../check.ts"
import type { ExitCode } from "../error.ts"
import { Events, type Counts, type Event } from "../event.ts"
import type { Loaded } from "../plan/load.ts"
import { wholeOf } from "../node.ts"
import { journalId, runId, type Failure, type Prepared, type Remembered, type RunContext } from "../run/context.ts"
import type { Settlements } from "../run/settled.ts"
import { failure } from "../text/failure.ts"

/** How a run began. */
export interface Began {
  /** The scale and all config values. */
  readonly settings: { readonly [name: string]: Data }
  readonly nodes: number
}

/** How a run ended. A killed run has no such line. */
export interface Ended {
  readonly code: ExitCode
  readonly counts: Counts
  readonly seconds: number
  readonly checks: ReadonlyArray<CheckEnd>
  readonly skipped: ReadonlyArray<string>
  /** How many of its hits a person accepted during this run. */
  readonly accepted?: number
}

export interface CheckEnd extends Pick<Judged, "measured" | "verdict" | "asDeclared"> {
  readonly id: string
  /** Missing in older journals. */
  readonly spread?: number | null
}

/** What the journal says about a node that is done. */
export interface NodeDone extends Remembered {
  readonly outcome: "hit" | "joined" | "run"
  /** Milliseconds since 1970; only for a node that ran. */
  readonly began?: number
}

/** What the journal says about a failed node. */
export interface NodeFailed extends Failure {
  readonly began?: number
}

export interface Account {
  /** Writes the end of each node at once, so that the next run knows what a killed run did. */
  readonly listening: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | CacheError, R | Events>
  readonly close: (
    end: Pick<Ended, "code" | "counts" | "seconds" | "accepted"> & {
      readonly settled: Settlements
      readonly judged: ReadonlyArray<Judged>
    },
  ) => Effect.Effect<void, CacheError>
}

/** Opens the account of a run that is about to start. */
export const openRunJournal = Effect.fn("openRunJournal")(function* (
  loaded: Loaded,
  { history, absent }: Prepared,
  { leftOut }: Pick<RunContext, "leftOut">,
): Effect.fn.Return<Account, CacheError, Journal | Scope.Scope> {
  const journal = yield* Journal
  const { append, flush } = yield* journal.open(
    `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${randomUUID().slice(0, 8)}`,
  )
  const { path, plan, built } = loaded
  // If a line cannot be written now, the journal keeps the error and fails at its next flush.
  const say = (id: string, value: object): Effect.Effect<void> => Effect.ignore(append(id, value as Data))
  const config = built.config.map(({ name, value }) => [name, plain(value)] as const)
  yield* say(runId(path, "began"), {
    settings: { scale: built.scale, ...Object.fromEntries(config) },
    nodes: plan.nodes.length,
  } satisfies Began)
  // The nodes that other runs know and this run does not have.
  const took = (name: string): boolean => {
    const node = plan.byName.get(name) ?? plan.byName.get(wholeOf(name))
    return node !== undefined && !leftOut.has(node)
  }
  const left = [...history.keys()].filter((name) => !took(name))
  if (left.length !== absent.length || left.some((node, i) => node !== absent[i]))
    yield* say(runId(path, "absent"), left)

  const started = new Map<string, number>()
  // Undefined instead of an effect, because this function sees a hundred thousand hits that need no line.
  const note = (event: Event): Effect.Effect<void> | undefined => {
    switch (event._tag) {
      case "NodeStarted":
        return Effect.map(Clock.currentTimeMillis, (now) => void started.set(event.node, now))
      case "NodeDone": {
        const { node, key, seconds, outcome } = event
        if (key === null || (outcome === "hit" && history.get(node)?.key === key)) return undefined
        return say(journalId(path, node, "done"), {
          key,
          seconds,
          outcome,
          ...since(outcome === "run" ? started.get(node) : undefined),
        } satisfies NodeDone)
      }
      case "NodeFailed": {
        const log = event.error._tag === "StageError" ? ((event.error.log as Failure["log"] | undefined) ?? null) : null
        return say(journalId(path, event.node, "failed"), {
          message: failure(event.error),
          log,
          ...since(started.get(event.node)),
        } satisfies NodeFailed)
      }
      default:
        return undefined
    }
  }
  return {
    listening: Effect.fnUntraced(function* (work) {
      const events = yield* Events
      const tell = (event: Event): Effect.Effect<void> => {
        const noted = note(event)
        return noted === undefined ? events.tell(event) : Effect.andThen(events.tell(event), noted)
      }
      const done = yield* Effect.provideService(work, Events, { tell })
      yield* flush
      return done
    }),
    close: Effect.fnUntraced(function* ({ settled, judged, ...end }) {
      const checks = judged.map(({ check: { id }, measured, spread, verdict, asDeclared }): CheckEnd => ({
        id,
        measured,
        spread,
        verdict,
        asDeclared,
      }))
      const skipped = [...settled].flatMap(([node, how]) => (how._tag === "Skipped" ? [node.name] : []))
      yield* say(runId(path, "ended"), { ...end, checks, skipped } satisfies Ended)
      yield* flush
    }),
  }
})

const since = (began: number | undefined): { readonly began?: number } => (began === undefined ? {} : { began })

const plain = (value: unknown): Data => JSON.parse(JSON.stringify(value ?? null)) as Data
