// What the commands about past runs have in common: the lines of all runs, and the run that a person means.
import { relative, resolve } from "node:path"
import { Effect } from "effect"
import { Journal } from "../../../cache/journal.ts"
import { SpecError } from "../../error.ts"
import { noSuchRun } from "../../history/message.ts"
import { pastRuns, type Past, type Written } from "../../history/runs.ts"

/** Every run that wrote anything, the first to write coming first. */
export const written = Effect.gen(function* () {
  const journal = yield* Journal
  return yield* Effect.forEach(yield* journal.runs, (run) =>
    Effect.map(journal.read(run), (lines): Written => ({ run, lines })),
  )
})

/** The runs as wholes. */
export const recall = Effect.map(written, (all) => ({ all, runs: pastRuns(all) }))

/** The run of a name: a tag; its id or the end of it, up to any letter; or `last`, `last~1`, … */
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

/** A spec's path as the journal has it, also of a spec that does not load. */
export const specPath = (spec: string): string => relative(process.cwd(), resolve(spec))
