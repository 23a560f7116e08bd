// `pipeline runs`: the last runs, what each run did, and how it ended. Knows nothing about how this is read from the
// journal.
import { Console, Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { noRuns, run as sentence, shortRun } from "../../history/message.ts"
import { recall } from "./find-run.ts"

export const runsCommand = Effect.fn("runsCommand")(function* (options: {
  readonly store: string
  readonly limit: number
  readonly json: boolean
}) {
  const { runs } = yield* recall
  // Newest last, next to the prompt where people look; 0 for all.
  const shown = options.limit === 0 ? runs : runs.slice(-options.limit)
  for (const past of shown)
    yield* Console.log(options.json ? JSON.stringify({ v: 1, short: shortRun(past.run), ...past }) : sentence(past))
  if (shown.length === 0 && !options.json) yield* Console.log(noRuns(options.store))
  return exitCode.done as ExitCode
})
