// Performs a job for every executor: reads the code from the store, decodes the inputs, runs the stage in the world
// that it is given, stores the outputs, and makes sure that nothing is left behind. Never loads a file of the project.
// Knows nothing about where it runs.
import { openSync, writeSync } from "node:fs"
import { Cause, Context, Effect, Exit, Schema } from "effect"
import type { Digest } from "../../cache/digest.ts"
import { CacheError, Store, type Stored } from "../../cache/store.ts"
import { codecs } from "../artifact/artifact.ts"
import { begin, outputsIn } from "./body.ts"
import type { Manifest } from "../code/packages.ts"
import type { Ended, Job } from "./executor.ts"
import { unfitOutput } from "./body-message.ts"
import * as message from "../world/message.ts"
import type { AnyStage } from "../node.ts"
import { Progress, StageError, type Kind } from "../stage.ts"
import { causesOf, isA, messageIn, read, sayThrown } from "../text/thrown.ts"
import { WorldError } from "../world/closed.ts"
import { compile, evaluate, type Compiled } from "../world/evaluate.ts"
import { failedLate, Work } from "../world/deferred.ts"
import { PackageChanged } from "../world/load.ts"
import { inProject } from "../world/source-map.ts"
import { sandbox } from "../world/sandbox.ts"
import { servicesFor } from "../world/services.ts"

/**
 * Performs a job in this process. The effect fails only if the store fails. A stage's own failure is an ordinary
 * result.
 */
export const perform = Effect.fnUntraced(function* (
  job: Job,
  onProgress: (fraction: number) => void,
): Effect.fn.Return<Ended, CacheError, Store> {
  const store = yield* Store
  const lines: Array<string> = []
  const started = performance.now()
  forgetPeakMemory()
  const work = new Work()
  // The cleanup if the job is interrupted.
  const left = Effect.sync(() => {
    work.end()
    sandbox.leave()
  })
  const exit = yield* Effect.exit(compute(job, work, lines, seldom(onProgress))).pipe(Effect.onInterrupt(() => left))
  work.end()
  const change = sandbox.leave()
  const result =
    change !== undefined && exitIsOwn(exit)
      ? failed(message.changed(job.stage.name, change))
      : yield* ending(job, exit, lines)
  const places = result._tag === "Failed" ? yield* sourceMapOf(job) : (text: string): string => text
  const log = new TextEncoder().encode(lines.map((line) => `${places(line)}\n`).join(""))
  return {
    result: result._tag === "Failed" ? { ...result, message: places(result.message) } : result,
    log: { digest: yield* store.put(log), size: log.length },
    seconds: (performance.now() - started) / 1000,
    peakMemory: peakMemory(),
    spoiled: change !== undefined || failedLate(),
  }
})

/** A listener that is called only for every hundredth of the progress. A terminal must not receive every step. */
const seldom = (listen: (fraction: number) => void): ((fraction: number) => void) => {
  let told = 0
  return (fraction) => {
    if (fraction - told < 0.01 && fraction < 1) return
    told = fraction
    listen(fraction)
  }
}

const decoder = new TextDecoder()

const compute = Effect.fnUntraced(function* (
  job: Job,
  work: Work,
  lines: Array<string>,
  onProgress: (fraction: number) => void,
): Effect.fn.Return<ReadonlyArray<Stored>, CacheError | StageError, Store> {
  const store = yield* Store
  const code = yield* codeOf(job)
  const manifest = yield* manifestOf(job)
  const services = Context.add(servicesFor(job, lines, work), Progress, onProgress)
  const stage = (yield* Effect.promise(() =>
    work.run(async () => evaluate(code, sandbox.enter(job, manifest, services, lines))),
  )) as AnyStage
  const params = work.run(() => Schema.decodeUnknownSync(stage.params)(job.params))
  const read = (kind: Kind<unknown>, digest: Digest) => Effect.map(store.get(digest), codecs[kind.kind].decode)
  const inputs = yield* Effect.all(
    Object.fromEntries(
      Object.entries(job.inputs).map(([name, digests]) => {
        const kind = stage.inputs[name]!
        return [
          name,
          Array.isArray(digests)
            ? Effect.forEach(digests as ReadonlyArray<Digest>, (digest) => read(kind, digest))
            : read(kind, digests as Digest),
        ]
      }),
    ),
  )
  const returned = yield* withLateErrors(() => begin(stage, { params, inputs, seed: job.seed }), work, services)
  const values = yield* encoding(() => outputsIn(stage, returned))
  return yield* Effect.forEach(Object.entries(stage.outputs), ([name, kind]) =>
    storeOutput(job, name, kind, values.get(name)),
  )
})

/** Runs a body. An error that began in the body, and that no code waits for, is a failure of the body. */
const withLateErrors = (
  load: () => Promise<Effect.Effect<unknown, StageError>>,
  work: Work,
  services: Context.Context<never>,
): Effect.Effect<unknown, StageError> =>
  Effect.callback<unknown, StageError>((resume) => {
    work.listen((error) => resume(Effect.die(error)))
    // The effect begins inside `work.run`, so everything that the effect starts belongs to this work.
    const fiber = work.run(() => Effect.runForkWith(services)(Effect.flatten(Effect.promise(load))))
    fiber.addObserver((exit) => {
      // Node reports an unhandled rejection only after all work that is due has run.
      setImmediate(() => {
        work.end()
        resume(exit)
      })
    })
    return Effect.callback<void>((done) => {
      fiber.addObserver(() => done(Effect.void))
      fiber.interruptUnsafe()
    })
  })

// A process meets few bundles and many nodes, so each compiled bundle is kept.
const codeOf = Effect.fnUntraced(function* ({ code }: Job): Effect.fn.Return<Compiled, CacheError, Store> {
  const store = yield* Store
  const known = codes.get(code)
  if (known !== undefined) return known
  const made = compile(code, decoder.decode(yield* store.get(code)))
  codes.set(code, made)
  return made
})
const codes = new Map<Digest, Compiled>()

const manifestOf = Effect.fnUntraced(function* ({ packages }: Job): Effect.fn.Return<Manifest, CacheError, Store> {
  const store = yield* Store
  const known = manifests.get(packages)
  if (known !== undefined) return known
  const made = JSON.parse(decoder.decode(yield* store.get(packages))) as Manifest
  manifests.set(packages, made)
  return made
})
const manifests = new Map<Digest, Manifest>()

/** A function that turns places in the bundle into places in the project. */
const sourceMapOf = Effect.fnUntraced(function* ({
  map,
}: Job): Effect.fn.Return<(text: string) => string, CacheError, Store> {
  const store = yield* Store
  if (!(yield* store.has(map))) return (text) => text
  const back = decoder.decode(yield* store.get(map))
  return (text) => inProject(text, back)
})

const storeOutput = Effect.fnUntraced(function* (job: Job, name: string, kind: Kind<unknown>, value: unknown) {
  const store = yield* Store
  const bytes = yield* encoding(
    () => {
      if (value === undefined) throw new TypeError("it was not given")
      return codecs[kind.kind].encode(value)
    },
    (why) => unfitOutput(job.stage.name, name, kind.kind, why),
  )
  return { name, digest: yield* store.put(bytes), size: bytes.length }
})

/** Checks or encodes a value that a body gave. If the value is refused, the stage fails; the engine has no bug. */
const encoding = <A>(work: () => A, say = (why: string) => why): Effect.Effect<A, StageError> =>
  Effect.try({ try: work, catch: (cause) => new StageError({ reason: "Defect", message: say(messageIn(cause)) }) })

type Result = Ended["result"]

const failed = (text: string): Result => ({ _tag: "Failed", reason: "Defect", message: text })

// An error of the store says nothing about the stage.
const exitIsOwn = (exit: Exit.Exit<unknown, CacheError | StageError>): boolean =>
  Exit.isSuccess(exit) || !isA(Cause.squash(exit.cause), CacheError)

// A bug in a body is a failure of the stage, not of the run. The stack goes to the log, and the message to the user.
const ending = Effect.fnUntraced(function* (
  job: Job,
  exit: Exit.Exit<ReadonlyArray<Stored>, CacheError | StageError>,
  lines: Array<string>,
): Effect.fn.Return<Result, CacheError> {
  if (Exit.isSuccess(exit)) return { _tag: "Made", outputs: exit.value }
  const error = Cause.squash(exit.cause)
  if (isA(error, CacheError)) return yield* error
  // Reading the thrown value may throw again.
  lines.push(read(() => Cause.pretty(exit.cause)) ?? sayThrown(error))
  // A job that is interrupted from outside never reaches this line.
  if (Cause.hasInterruptsOnly(exit.cause)) return failed(`${job.stage.name} interrupted itself`)
  const causes = causesOf(error)
  const changed = causes.find((each) => each instanceof PackageChanged)
  if (changed !== undefined) return { _tag: "Changed", message: message.packageChanged(job.node, changed.file) }
  const own = read(() => ownReason(error))
  if (own !== undefined) return { _tag: "Failed", ...own }
  const closed = causes.find((each) => each instanceof WorldError)
  if (closed !== undefined) return failed(message.reached(job.stage.name, closed))
  const refusal = causes.find(isRefusal)
  if (refusal !== undefined) return failed(message.refused(job.stage.name, refusal.permission, refusal.resource))
  return failed(sayThrown(error))
})

/**
 * The reason and message of a StageError. The bundle of a stage has its own copy of the class, so `instanceof` fails.
 */
const ownReason = (error: unknown): Pick<StageError, "reason" | "message"> | undefined => {
  if (typeof error !== "object" || error === null || !("_tag" in error) || error._tag !== "StageError") return undefined
  const { reason, message } = error as unknown as StageError
  return isReason(reason) && typeof message === "string" ? { reason, message } : undefined
}
const isReason = Schema.is(StageError.fields.reason)

/** Whether an error means that Node refused an access of a package. */
const isRefusal = (error: Error): error is Error & { readonly permission: string; readonly resource: string } =>
  read(() => typeof (error as never)["permission"] === "string" && typeof (error as never)["resource"] === "string") ===
  true

// Linux keeps the peak of resident memory, and lets a process reset its own peak. On other systems the peak covers the
// whole life of the worker, so it is an upper bound.
const forgetPeakMemory = (): void => {
  peakSwitch ??= opened("/proc/self/clear_refs")
  if (peakSwitch >= 0) writeSync(peakSwitch, "5", 0)
}
let peakSwitch: number | undefined
const opened = (path: string): number => {
  try {
    return openSync(path, "w")
  } catch {
    return -1 // not Linux, or not allowed
  }
}
const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
