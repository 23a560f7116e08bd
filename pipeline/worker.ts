// The other end of every executor: decodes the inputs, runs one stage, stores what it gives. Here the stage's
// world is closed: no clock, no randomness, no environment but what it declared.
import { writeFileSync } from "node:fs"
import { Cause, Clock, ConfigProvider, Context, Effect, Exit, Logger, Random, Schema } from "effect"
import type { Data, Digest } from "../cache/digest.ts"
import { CacheError, Store, type Stored } from "../cache/store.ts"
import { codecs } from "./artifact.ts"
import type { Ended, Job } from "./executor.ts"
import { refused } from "./message/worker.ts"
import type { AnyStage } from "./node.ts"
import { Progress, StageError, type Kind } from "./stage.ts"

/** Does a job in this process. Only trouble with the store is an error; a stage's own failure is an ending. */
export const perform = Effect.fn("perform")(function* (job: Job, onProgress: (fraction: number) => void): Effect.fn.Return<Ended, CacheError, Store> {
  const store = yield* Store
  const lines: Array<string> = []
  const started = performance.now()
  forgetPeakMemory()
  const worldOf = (stage: AnyStage) => Context.add(closedWorld(job, stage, lines), Progress, seldom(onProgress))
  const exit = yield* Effect.exit(compute(job, worldOf))
  const result = yield* ending(job, exit, lines)
  const log = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))
  return {
    result,
    log: { digest: yield* store.put(log), size: log.length },
    seconds: (performance.now() - started) / 1000,
    peakMemory: peakMemory(),
  }
})

/** A listener that hears of every hundredth of the way: a terminal must not hear of every step. */
const seldom = (listen: (fraction: number) => void): ((fraction: number) => void) => {
  let told = 0
  return (fraction) => {
    if (fraction - told < 0.01 && fraction < 1) return
    told = fraction
    listen(fraction)
  }
}

const compute = Effect.fnUntraced(function* (job: Job, worldOf: (stage: AnyStage) => Context.Context<never>): Effect.fn.Return<ReadonlyArray<Stored>, CacheError | StageError, Store> {
  const store = yield* Store
  const { stage, decode } = yield* Effect.promise(() => loadedFor(job))
  const params = decode(job.params)
  const read = (kind: Kind<unknown>, digest: Digest) => Effect.map(store.get(digest), codecs[kind.kind].decode)
  const inputs = yield* Effect.all(
    Object.fromEntries(
      Object.entries(job.inputs).map(([name, digests]) => {
        const kind = stage.inputs[name]!
        return [name, Array.isArray(digests) ? Effect.forEach(digests as ReadonlyArray<Digest>, (digest) => read(kind, digest)) : read(kind, digests as Digest)]
      }),
    ),
  )
  const { run } = yield* Effect.promise(stage.load)
  const values: { readonly [name: string]: unknown } = yield* Effect.provideContext(run({ params, inputs, seed: job.seed } as never), worldOf(stage))
  return yield* Effect.forEach(Object.entries(stage.outputs), ([name, kind]) => storeOutput(job, name, kind, values[name]))
})

interface Loaded {
  readonly stage: AnyStage
  /** Never fails: what it takes was encoded from a decoded value. */
  readonly decode: (params: Data) => unknown
}

// Asking Node for a module that it has takes as long as a small stage.
const loaded = new Map<string, Promise<Loaded>>()
const loadedFor = ({ stage: { module, name } }: Job): Promise<Loaded> => {
  const id = `${module}#${name}`
  const known = loaded.get(id) ?? load(module, name)
  loaded.set(id, known)
  return known
}
const load = async (module: string, name: string): Promise<Loaded> => {
  const exports = (await import(module)) as { readonly [name: string]: AnyStage }
  const stage = exports[name]!
  return { stage, decode: Schema.decodeUnknownSync(stage.params) }
}

const storeOutput = Effect.fnUntraced(function* (job: Job, name: string, kind: Kind<unknown>, value: unknown) {
  const store = yield* Store
  const bytes = yield* Effect.try({
    try: () => {
      if (value === undefined) throw new TypeError("it was not given")
      return codecs[kind.kind].encode(value)
    },
    catch: (cause) => new StageError({ reason: "Defect", message: `${job.stage.name} declares the output ${name} (${kind.kind}): ${(cause as Error).message}` }),
  })
  return { name, digest: yield* store.put(bytes), size: bytes.length }
})

// A bug in a body is the stage's failure, not the run's: its stack goes to the log, its message to people.
const ending = Effect.fnUntraced(function* (job: Job, exit: Exit.Exit<ReadonlyArray<Stored>, CacheError | StageError>, lines: Array<string>): Effect.fn.Return<Ended["result"], CacheError> {
  if (Exit.isSuccess(exit)) return { _tag: "Made", outputs: exit.value }
  const error = Cause.squash(exit.cause)
  if (error instanceof CacheError) return yield* error
  lines.push(Cause.pretty(exit.cause))
  // Who is interrupted from outside never gets here.
  if (Cause.hasInterruptsOnly(exit.cause)) return { _tag: "Failed", reason: "Defect", message: `${job.stage.name} interrupted itself` }
  if (error instanceof StageError) return { _tag: "Failed", reason: error.reason, message: error.message }
  const refusal = refusalIn(error)
  if (refusal !== undefined) return { _tag: "Failed", reason: "Defect", message: refused(job.stage.name, refusal.permission, refusal.resource) }
  return { _tag: "Failed", reason: "Defect", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
})

/** What Node refused a body, however its error is wrapped. */
const refusalIn = (error: unknown): { readonly permission: string; readonly resource: string } | undefined => {
  if (!(error instanceof Error)) return undefined
  return "permission" in error && "resource" in error ? { permission: String(error.permission), resource: String(error.resource) } : refusalIn(error.cause)
}

/** What a stage finds where it looks for time, chance and environment. */
const closedWorld = (job: Job, stage: AnyStage, lines: Array<string>) => {
  const refuse = (what: string, instead: string) => (): Error => new Error(`the stage ${job.stage.name} asked for ${what}, which its key does not see; ${instead}`)
  const time = refuse("the time", "stop by steps or model time")
  const refusal = Effect.suspend(() => Effect.die(time()))
  const chance = refuse("chance", "draw from the seed it is given")
  const set = ConfigProvider.fromEnv({ env: job.environment })
  const variables = ConfigProvider.make((path) => {
    const name = path.join("_")
    return stage.environment.includes(name) ? set.load(path) : Effect.die(refuse(`the variable ${name}`, "name it in the stage's environment")())
  })
  const clock: Clock.Clock = {
    // Log lines and spans ask for these; they get no time, and the stage learns nothing.
    currentTimeMillisUnsafe: () => 0,
    currentTimeNanosUnsafe: () => 0n,
    currentTimeMillis: refusal,
    currentTimeNanos: refusal,
    monotonicTimeNanosUnsafe: () => 0n,
    monotonicTimeNanos: refusal,
    sleep: () => Effect.die(time()),
  }
  const random = {
    nextIntUnsafe: () => { throw chance() },
    nextDoubleUnsafe: () => { throw chance() },
  }
  const logger = Logger.make(({ logLevel, message }) => { lines.push(`${logLevel.toUpperCase()} ${[message].flat().map(String).join(" ")}`) })
  return Context.make(Clock.Clock, clock).pipe(Context.add(Random.Random, random), Context.add(ConfigProvider.ConfigProvider, variables), Context.add(Logger.CurrentLoggers, new Set([logger])))
}

// Linux keeps the peak of resident memory and lets a process reset its own; elsewhere the peak is that of the
// worker's whole life, an upper bound.
const forgetPeakMemory = (): void => {
  try {
    writeFileSync("/proc/self/clear_refs", "5")
  } catch {
    // not Linux, or not allowed
  }
}
const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
