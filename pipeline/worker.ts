// The other end of every executor: decodes the inputs, runs one stage, stores what it gives. Here the stage's
// world is closed: no clock, no randomness, no environment but what it declared.
import { readFileSync, writeFileSync } from "node:fs"
import { Cause, Clock, ConfigProvider, Effect, Exit, Layer, Logger, Random, Schema } from "effect"
import type { Digest } from "../cache/digest.ts"
import { CacheError, Store, type Stored } from "../cache/store.ts"
import { codecs } from "./artifact.ts"
import type { Ended, Job } from "./executor.ts"
import type { AnyStage } from "./node.ts"
import { Progress, StageError, type Kind } from "./stage.ts"

/** Does a job in this process. Only trouble with the store is an error; a stage's own failure is an ending. */
export const perform = Effect.fn("perform")(function* (job: Job, onProgress: (fraction: number) => void): Effect.fn.Return<Ended, CacheError, Store> {
  const store = yield* Store
  const lines: Array<string> = []
  const started = performance.now()
  forgetPeakMemory()
  const worldOf = (stage: AnyStage) => Layer.merge(closedWorld(job, stage, lines), Layer.succeed(Progress, seldom(onProgress)))
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

const compute = Effect.fnUntraced(function* (job: Job, worldOf: (stage: AnyStage) => Layer.Layer<never>): Effect.fn.Return<ReadonlyArray<Stored>, CacheError | StageError, Store> {
  const store = yield* Store
  const module = yield* Effect.promise(() => import(job.stage.module) as Promise<{ readonly [name: string]: AnyStage }>)
  const stage = module[job.stage.name]!
  const params = yield* Schema.decodeUnknownEffect(stage.params)(job.params).pipe(Effect.orDie) // it was encoded from a decoded value
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
  const values: { readonly [name: string]: unknown } = yield* Effect.provide(run({ params, inputs, seed: job.seed } as never), worldOf(stage))
  return yield* Effect.forEach(Object.entries(stage.outputs), ([name, kind]) => storeOutput(job, name, kind, values[name]))
})

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
  return { _tag: "Failed", reason: "Defect", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
})

/** What a stage finds where it looks for time, chance and environment. */
const closedWorld = (job: Job, stage: AnyStage, lines: Array<string>) => {
  const refuse = (what: string, instead: string): Error => new Error(`the stage ${job.stage.name} asked for ${what}, which its key does not see; ${instead}`)
  const time = refuse("the time", "stop by steps or model time")
  const chance = refuse("chance", "draw from the seed it is given")
  const set = ConfigProvider.fromEnv({ env: job.environment })
  const variables = ConfigProvider.make((path) => {
    const name = path.join("_")
    return stage.environment.includes(name) ? set.load(path) : Effect.die(refuse(`the variable ${name}`, "name it in the stage's environment"))
  })
  return Layer.mergeAll(
    Layer.succeed(Clock.Clock, {
      // Log lines and spans ask for these two; they get no time, and the stage learns nothing.
      currentTimeMillisUnsafe: () => 0,
      currentTimeNanosUnsafe: () => 0n,
      currentTimeMillis: Effect.die(time),
      currentTimeNanos: Effect.die(time),
      monotonicTimeNanosUnsafe: () => 0n,
      monotonicTimeNanos: Effect.die(time),
      sleep: () => Effect.die(time),
    }),
    Layer.succeed(Random.Random, {
      nextIntUnsafe: () => { throw chance },
      nextDoubleUnsafe: () => { throw chance },
    }),
    Layer.succeed(ConfigProvider.ConfigProvider, variables),
    Logger.layer([Logger.make(({ logLevel, message }) => { lines.push(`${logLevel.toUpperCase()} ${[message].flat().map(String).join(" ")}`) })]),
  )
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
const peakMemory = (): number => {
  try {
    return Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+) kB/)?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
