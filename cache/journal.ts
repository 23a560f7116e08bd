// The port of the journal (the lines that runs wrote, and the newest value of each id), and its layer in memory. Knows
// nothing of what an id or a value means.
import { Clock, Context, Effect, Layer, type Scope } from "effect"
import type { Data } from "./digest.ts"
import type { CacheError } from "./store.ts"

export interface Line {
  /** Milliseconds since 1970. Has a fraction where two lines of one process would have the same time. */
  readonly time: number
  readonly id: string
  readonly value: Data
}

/** A journal that is open for writing until its scope closes. */
export interface OpenJournal {
  /** Adds a line. The line survives a kill after 50 ms at the latest. */
  readonly append: (id: string, value: Data) => Effect.Effect<void, CacheError>
  /** Waits until every line is written, and fails if a line could not be written. A run should call this last. */
  readonly flush: Effect.Effect<void, CacheError>
}

export class Journal extends Context.Service<
  Journal,
  {
    /** Opens the journal of a run. The lines already in it stay. */
    readonly open: (run: string) => Effect.Effect<OpenJournal, CacheError, Scope.Scope>
    /** The newest value of every id over all runs. */
    readonly latest: Effect.Effect<ReadonlyMap<string, Data>, CacheError>
    /** The runs that wrote anything, in the order of their first lines. */
    readonly runs: Effect.Effect<ReadonlyArray<string>, CacheError>
    /** The lines of one run, in order; none for an unknown run. */
    readonly read: (run: string) => Effect.Effect<ReadonlyArray<Line>, CacheError>
  }
>()("cache/Journal") {}

/** A journal that is lost when its layer ends. */
export const memoryJournal: Layer.Layer<Journal> = Layer.sync(Journal, () => {
  const runs = new Map<string, Array<Line>>()
  const latest = new Map<string, Data>()
  let newest = 0
  return Journal.of({
    open: (run) =>
      Effect.succeed({
        append: (id, value) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            newest = Math.max(now, newest + 0.001)
            const entries = runs.get(run) ?? []
            entries.push({ time: newest, id, value })
            runs.set(run, entries)
            latest.set(id, value)
          }),
        flush: Effect.void,
      }),
    latest: Effect.sync(() => new Map(latest)),
    runs: Effect.sync(() => Array.from(runs.keys())),
    read: (run) => Effect.sync(() => [...(runs.get(run) ?? [])]),
  })
})
