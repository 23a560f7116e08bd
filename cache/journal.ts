// What did the runs say, and what was said last about each thing? The port of the journal, with its layer in
// memory. Refuses to know what an id or a value is about.
import { Clock, Context, Effect, Layer, type Scope } from "effect"
import type { Data } from "./digest.ts"
import type { CacheError } from "./store.ts"

export interface Line {
  /** Milliseconds since 1970, with a fraction where two lines of one process would share one. */
  readonly time: number
  readonly id: string
  readonly value: Data
}

/** A journal that is open for writing until its scope closes. */
export interface OpenJournal {
  /** Adds a line. It is on its way at once and survives a kill at latest after 50 ms. */
  readonly append: (id: string, value: Data) => Effect.Effect<void, CacheError>
  /** Waits until every line is written, and says if one could not be: the last thing a run should ask. */
  readonly flush: Effect.Effect<void, CacheError>
}

export class Journal extends Context.Service<
  Journal,
  {
    /** Opens the journal of a run; what it already holds stays. */
    readonly open: (run: string) => Effect.Effect<OpenJournal, CacheError, Scope.Scope>
    /** The newest value of every id over all runs. */
    readonly latest: Effect.Effect<ReadonlyMap<string, Data>, CacheError>
    /** The runs that wrote anything, the first to write coming first. */
    readonly runs: Effect.Effect<ReadonlyArray<string>, CacheError>
    /** What one run wrote, in order; nothing for an unknown run. */
    readonly read: (run: string) => Effect.Effect<ReadonlyArray<Line>, CacheError>
  }
>()("cache/Journal") {}

/** A journal that forgets everything with its layer. */
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
