// `pipeline check SPEC --lock`: are the results of a spec still the results in its lock? For continuous integration:
// bit for bit on the machine of the lock, within tolerances on another machine. Knows nothing about how two locks are
// compared.
import { existsSync, readFileSync } from "node:fs"
import { Console, Effect, Option } from "effect"
import { beAtWork } from "../../../cache/live.ts"
import type { Key } from "../../../cache/digest.ts"
import { annotation } from "../../printer/annotation.ts"
import { verbatim } from "../../printer/verbatim.ts"
import type { Judged } from "../../check.ts"
import { judgeChecks, type Finished } from "../../run/verdicts.ts"
import { exitCode, SpecError, worst, type ExitCode } from "../../error.ts"
import { comparedSuites, junit, runSuites, type Problem } from "../../printer/junit.ts"
import { difference } from "../../key/key.ts"
import { decodeLock, lockOf, type Lock } from "../../verify/lock.ts"
import { lockDifferences, onOneMachine, toleranceBetween, type LockDifference } from "../../verify/lock-difference.ts"
import {
  lockDiffers,
  lockSummary,
  noLock,
  notALock,
  notCompared,
  verified as verifiedLine,
} from "../../verify/message.ts"
import { partsOf } from "../../run/provenance.ts"
import { hitsAmong, type Verified } from "../../verify/verify.ts"
import { everything } from "../choose.ts"
import { besideSpec, refuse } from "./lock.ts"
import { runSpec, type RunOptions } from "../run/run.ts"
import { currentResults } from "../current-results.ts"
import { codesOfSample, verifySample, type Drawing } from "./verify.ts"
import { write } from "../write.ts"
import { changed } from "../../key/message.ts"
import { failure } from "../../text/failure.ts"

export interface CheckOptions
  extends
    Pick<RunOptions, "spec" | "store" | "out" | "jobs" | "timeout" | "onDrain" | "junit">,
    Omit<Drawing, "sample"> {
  /** Empty for the lock beside the spec. */
  readonly lock: string
  /** If given, runs nothing except a sample of done nodes, again; if not, runs what is not done. */
  readonly sample: Option.Option<Drawing["sample"]>
  readonly json: boolean
}

/**
 * 1. reads the lock, which also gives the settings;
 * 2. runs what is not done, or verifies a sample of what is done;
 * 3. makes a new lock from the current results, and compares the two locks;
 * 4. prints the differences; the exit code tells whether there are any.
 */
export const checkCommand = Effect.fn("checkCommand")(function* (options: CheckOptions) {
  const started = performance.now()
  const file = options.lock === "" ? besideSpec(options.spec) : options.lock
  const locked = yield* readLock(file, options.spec) // 1
  const results = yield* Option.match(options.sample, {
    onNone: () => ranNow(options, locked),
    onSome: (size) => sampledNow(options, locked, size),
  }) // 2
  if (results._tag === "NotWhole") return results.code
  const { finished, judged, verified, code } = results
  const made = yield* lockOf(finished, judged, locked) // 3
  const tolerance = toleranceBetween(locked, made, options.tolerance)
  const differences = yield* Effect.forEach(lockDifferences(locked, made, tolerance), (each) =>
    Effect.map(changesOf(each), (changes) => ({ ...each, changes, text: lockDiffers(each, changes) })),
  )
  const outcome = {
    lock: file,
    tolerance,
    oneMachine: onOneMachine(locked, made),
    differences: differences.length,
    seconds: (performance.now() - started) / 1000,
  }
  for (const { text, ...each } of differences) {
    // 4
    yield* Console.log(options.json ? JSON.stringify({ v: 1, _tag: "LockDiffers", difference: each }) : text)
    if (!options.json && process.env["GITHUB_ACTIONS"] === "true") yield* verbatim(annotation("error", text, { file }))
  }
  yield* Console.log(
    options.json ? JSON.stringify({ v: 1, _tag: "LockCompared", ...outcome }) : lockSummary(locked, outcome),
  )
  if (Option.isSome(options.junit))
    yield* write(
      options.junit.value,
      junit(comparedSuites(finished.settled, judged, made, [...differences, ...problemsOf(verified)])),
    )
  return worst([code, ...(differences.length > 0 ? [exitCode.verdictDiffers] : [])])
}, Effect.scoped)

const readLock = Effect.fnUntraced(function* (file: string, spec: string): Effect.fn.Return<Lock, SpecError> {
  if (!existsSync(file)) return yield* new SpecError({ reason: "NotFound", message: noLock(file, spec) })
  const text = yield* Effect.try({
    try: () => readFileSync(file, "utf8"),
    catch: (cause) => new SpecError({ reason: "DoesNotLoad", message: notALock(file, spec, (cause as Error).message) }),
  })
  return yield* decodeLock(text).pipe(
    Effect.mapError(({ message }) => new SpecError({ reason: "DoesNotLoad", message: notALock(file, spec, message) })),
  )
})

/** All results of a spec, and the exit code of getting them. */
type Results =
  | {
      readonly _tag: "Whole"
      readonly finished: Finished
      readonly judged: ReadonlyArray<Judged>
      readonly verified: ReadonlyArray<Verified>
      readonly code: ExitCode
    }
  | { readonly _tag: "NotWhole"; readonly code: ExitCode }

const ranNow = Effect.fnUntraced(function* (options: CheckOptions, { settings }: Lock) {
  const { finished, judged, code } = yield* runSpec({ ...options, ...everything, set: settings })
  const missing = [...finished.settled.values()].filter(({ _tag }) => _tag !== "Done").length
  if (missing === 0) return { _tag: "Whole", finished, judged, verified: [], code } satisfies Results
  yield* Console.error(notCompared(missing))
  if (Option.isSome(options.junit)) yield* write(options.junit.value, junit(runSuites(finished.settled, judged)))
  return { _tag: "NotWhole", code } satisfies Results
})

const sampledNow = Effect.fnUntraced(function* (options: CheckOptions, { settings }: Lock, sample: Drawing["sample"]) {
  yield* beAtWork
  const finished = yield* currentResults({ ...options, set: settings })
  if (finished.open.length > 0) return { _tag: "NotWhole", code: yield* refuse(finished) } satisfies Results
  const judged = yield* judgeChecks(finished)
  const hits = hitsAmong(finished.loaded.plan.nodes, finished.settled)
  const verified = yield* verifySample(finished, hits, 0, { ...options, sample })
  const undeclared = judged.some((each) => !each.asDeclared) ? [exitCode.verdictDiffers] : []
  return {
    _tag: "Whole",
    finished,
    judged,
    verified,
    code: worst([...codesOfSample(verified, hits.length), ...undeclared]),
  } satisfies Results
})

/** The nodes of a sample whose outputs differ, or that failed. */
const problemsOf = (verified: ReadonlyArray<Verified>): ReadonlyArray<Problem> =>
  verified.flatMap((each) => {
    if (each._tag === "NodeFailed") return [{ what: "node", name: each.node, text: failure(each.error) }]
    return each._tag === "NodeVerified" && each.differs.length > 0
      ? [{ what: "node", name: each.node, text: verifiedLine(each.node, each.differs, each.seconds) }]
      : []
  })

/** What changed in a key, if this store still has the provenance of both keys. */
const changesOf = Effect.fnUntraced(function* (each: LockDifference) {
  if (each._tag !== "Key" || each.before === null || each.after === null) return []
  const [before, after] = yield* Effect.forEach([each.before, each.after], (key: Key) => partsOf(key))
  return Option.isSome(before!) && Option.isSome(after!) ? difference(before.value, after.value).map(changed) : []
})
