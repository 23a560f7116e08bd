// `pipeline history CLAIM`: what was measured of a claim in each past run, and its verdict. Knows nothing about how
// this is read from the journal.
import { Console, Effect } from "effect"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { claimInRun, noSuchClaim } from "../../history/message.ts"
import { suggest } from "../../text/suggest.ts"
import { recall } from "./find-run.ts"

export const historyCommand = Effect.fn("historyCommand")(function* (options: {
  readonly claim: string
  readonly store: string
  readonly limit: number
  readonly json: boolean
}) {
  const { runs } = yield* recall
  const found = runs.flatMap((past) =>
    past.checks.filter(({ id }) => id === options.claim).map((check) => ({ past, check })),
  )
  if (found.length === 0) {
    const known = new Set(runs.flatMap(({ checks }) => checks.map(({ id }) => id)))
    return yield* new SpecError({
      reason: "NotFound",
      message: noSuchClaim(options.claim, suggest(options.claim, known)),
    })
  }
  for (const { past, check } of options.limit === 0 ? found : found.slice(-options.limit)) {
    const { run, spec, began, settings } = past
    yield* Console.log(
      options.json ? JSON.stringify({ v: 1, run, spec, began, settings, ...check }) : claimInRun(past, check),
    )
  }
  return exitCode.done as ExitCode
})
