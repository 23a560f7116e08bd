// Shared by the commands about past runs: reads the lines of all runs, and finds the run that a person means. Knows
// nothing about what the commands do with it.
import { relative, resolve } from "node:path"
import { Effect } from "effect"
import { Journal } from "../../../cache/journal.ts"
import { SpecError } from "../../error.ts"
import { noSuchRun } from "../../history/message.ts"
import { pastRuns, type Past, type Written } from "../../history/runs.ts"

/** All runs with at least one line, oldest first. */
export const written = Effect.gen(function* () {
  const journal = yield* Journal
  return yield* Effect.forEach(yield* journal.runs, (run) =>
    Effect.map(journal.read(run), (lines): Written => ({ run, lines })),
  )
})

/** All runs, with their lines and as whole runs. */
export const recall = Effect.map(written, (all) => ({ all, runs: pastRuns(all) }))

/**
 * The run with this name: a tag; the beginning of its id or of the last eight characters of its id; or `last`,
 * `last~1`, …
 */
export const findRun = (runs: ReadonlyArray<Past>, name: string): Effect.Effect<Past, SpecError> => {
  const back = /^last(?:~(\d+))?$/.exec(name)
  const found =
    back === null
      ? runs.filter(({ run, tags }) => tags.includes(name) || run.startsWith(name) || run.slice(-8).startsWith(name))
      : runs.slice(-1 - Number(back[1] ?? 0)).slice(0, Number(back[1] ?? 0) < runs.length ? 1 : 0)
  return found.length === 1
    ? Effect.succeed(found[0]!)
    : Effect.fail(new SpecError({ reason: "NotFound", message: noSuchRun(name, runs) }))
}

/** A spec's path as the journal writes it, also for a spec that does not load. */
export const specPath = (spec: string): string => relative(process.cwd(), resolve(spec))
