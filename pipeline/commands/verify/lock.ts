// `pipeline lock SPEC`: writes the results of a spec to a lock file beside the spec, for version control. Knows nothing
// about what a lock contains.
import { existsSync, readFileSync, statSync } from "node:fs"
import { Console, Effect, Option } from "effect"
import { beAtWork } from "../../../cache/live.ts"
import { judgeChecks } from "../../run/verdicts.ts"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { encodeLock, isLock, lockOf } from "../../verify/lock.ts"
import { predicted as sentence } from "../../run/message.ts"
import { lockInTheWay, lockWritten, notAllMade } from "../../verify/message.ts"
import type { LookOptions } from "../look.ts"
import { currentResults } from "../current-results.ts"
import { write } from "../write.ts"

export interface LockOptions extends LookOptions {
  /** Beside the spec if no file is given. */
  readonly file: Option.Option<string>
  readonly tolerance: number
}

/** The default lock file of a spec. */
export const besideSpec = (spec: string): string => spec.replace(/\.[cm]?[jt]s$/, "") + ".lock.json"

export const lockCommand = Effect.fn("lockCommand")(function* (options: LockOptions) {
  const file = Option.getOrElse(options.file, () => besideSpec(options.spec))
  if (isTaken(file)) return yield* new SpecError({ reason: "BadArgument", message: lockInTheWay(file) })
  yield* beAtWork
  const found = yield* currentResults({ ...options, jobs: 1, timeout: null })
  if (found.open.length > 0) return yield* refuse(found)
  const lock = yield* lockOf(found, yield* judgeChecks(found), { settings: options.set, tolerance: options.tolerance })
  yield* write(file, encodeLock(lock))
  yield* Console.log(lockWritten(file, lock))
  return exitCode.done as ExitCode
}, Effect.scoped)

/** Whether a non-empty file with this name exists that is not a lock. */
const isTaken = (file: string): boolean => {
  const there = existsSync(file) ? statSync(file) : undefined
  return there?.isFile() === true && there.size > 0 && !isLock(readFileSync(file, "utf8"))
}

/** Prints which nodes would run: results that are not made can be neither locked nor sampled. */
export const refuse = Effect.fnUntraced(function* ({
  open,
}: Pick<Effect.Success<ReturnType<typeof currentResults>>, "open">) {
  for (const [{ name }, what] of open) yield* Console.error(`${name}  ${sentence(what)}`)
  yield* Console.error(notAllMade(open.length))
  return exitCode.workFound as ExitCode
})
