// `pipeline logs SPEC NODE`: what a node logged when it last ran, also if it failed. Reads only the journal and the
// store. Knows nothing about the content of the spec, so it works even if the spec does not load.
import { Console, Effect, Option } from "effect"
import { Store } from "../../../cache/store.ts"
import { exitCode, PlanError, type ExitCode } from "../../error.ts"
import { emptyLog, lastExecution, neverExecuted, noLog } from "../../history/message.ts"
import { lastEnd } from "../../history/runs.ts"
import { specPath, written } from "./find-run.ts"

export const logsCommand = Effect.fn("logsCommand")(function* ({
  spec,
  node,
  json,
}: {
  readonly spec: string
  readonly node: string
  readonly json: boolean
}) {
  const end = lastEnd(yield* written, specPath(spec), node)
  if (end === undefined || end._tag === "Skipped")
    return yield* new PlanError({ reason: "UnknownNode", message: neverExecuted(node) })
  const store = yield* Store
  const record = end._tag === "Done" ? Option.getOrUndefined(yield* store.record(end.key)) : undefined
  const digest = end._tag === "Failed" ? end.log : (record?.log.digest ?? null)
  const kept = digest !== null && (yield* store.has(digest))
  const log = kept ? new TextDecoder().decode(yield* store.get(digest)) : null
  if (json) yield* Console.log(JSON.stringify({ v: 1, node, end, digest, log }))
  else {
    yield* Console.log(lastExecution(node, end, record?.finished ?? null))
    yield* Console.log(
      log === null ? noLog(end._tag === "Failed" && digest === null) : log === "" ? emptyLog : log.trimEnd(),
    )
  }
  return exitCode.done as ExitCode
})
