// Runs jobs in child processes, kept between jobs. A process that is told to stop, dies or outlives its time
// is killed and never used again: what it computed half is not there, and the next job gets a fresh one.
import { fork, type ChildProcess } from "node:child_process"
import { getCompileCacheDir } from "node:module"
import { fileURLToPath } from "node:url"
import { Effect, Exit, Layer, Pool } from "effect"
import { CacheError } from "../../cache/store.ts"
import { ExecutorError } from "../error.ts"
import { Executor, type Ended, type Job } from "../executor.ts"
import type { FromChild } from "./child.ts"

interface Worker {
  readonly process: ChildProcess
  /** The last of what it wrote to its terminal: where a crash explains itself. */
  readonly lastWords: () => string
}

/** A pool of at most `size` processes that share the store in `directory`. None is started before it is needed. */
export const pool = (size: number, directory: string): Layer.Layer<Executor> =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const alive = new Set<ChildProcess>()
      const acquire = Effect.tap(Effect.acquireRelease(start(directory), stop), (worker) =>
        // One that dies between two jobs is not handed out again.
        Effect.sync(() => {
          alive.add(worker.process)
          worker.process.once("exit", () => {
            alive.delete(worker.process)
            Effect.runFork(Pool.invalidate(workers, worker))
          })
        }),
      )
      const workers: Pool.Pool<Worker, ExecutorError> = yield* Pool.makeWithTTL({ acquire, min: 0, max: size, timeToLive: "1 minute" })
      // Before the pool waits for its jobs to end: nobody is left to hear of them.
      yield* Effect.addFinalizer(() => Effect.sync(() => { for (const child of alive) child.kill("SIGKILL") }))
      return Executor.of({
        run: (job, onProgress) =>
          Effect.scoped(
            Effect.gen(function* () {
              const worker = yield* Pool.get(workers)
              return yield* limited(job, ask(worker, job, onProgress)).pipe(
                Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Effect.andThen(stop(worker), Pool.invalidate(workers, worker)))),
              )
            }),
          ),
      })
    }),
  )

// A worker sees only what a program needs to run; what a stage declared travels with its job.
const kept = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"]

const start = (directory: string): Effect.Effect<Worker, ExecutorError> =>
  Effect.callback((resume) => {
    const env: NodeJS.ProcessEnv = Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
    const compiled = getCompileCacheDir()
    if (compiled !== undefined) env["NODE_COMPILE_CACHE"] = compiled // a worker starts in half the time
    const child = fork(fileURLToPath(new URL("./child.ts", import.meta.url)), [directory], {
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced", // JSON has no Infinity and no -0
    })
    let words = ""
    const listen = (chunk: Buffer): void => { words = (words + chunk.toString()).slice(-4000) }
    child.stdout!.on("data", listen)
    child.stderr!.on("data", listen)
    child.once("spawn", () => resume(Effect.succeed({ process: child, lastWords: () => words })))
    child.on("error", (cause) => resume(Effect.fail(new ExecutorError({ reason: "WorkerLost", message: `A worker could not be started: ${cause.message}. Run fewer at once (--jobs).` }))))
  })

const stop = (worker: Worker): Effect.Effect<void> => Effect.sync(() => { worker.process.kill("SIGKILL") })

const limited = <A, E>(job: Job, work: Effect.Effect<A, E>): Effect.Effect<A, E | ExecutorError> =>
  job.timeout === null
    ? work
    : Effect.timeoutOrElse(work, {
        duration: job.timeout * 1000,
        orElse: () => Effect.fail(new ExecutorError({ reason: "TimedOut", message: `${job.node} took longer than ${job.timeout} s and was stopped. Raise --timeout, or the stage's own limit.` })),
      })

const ask = (worker: Worker, job: Job, onProgress: (fraction: number) => void): Effect.Effect<Ended, ExecutorError | CacheError> =>
  Effect.callback((resume) => {
    const { process: child } = worker
    const leave = (): void => {
      child.off("message", onMessage)
      child.off("exit", onExit)
    }
    const onMessage = (message: FromChild): void => {
      if (message._tag === "Progress") return onProgress(message.fraction)
      leave()
      resume(message._tag === "Ended" ? Effect.succeed(message.ended) : Effect.fail(new CacheError({ reason: message.reason, what: message.what })))
    }
    const onExit = (code: number | null, signal: string | null): void => {
      leave()
      // Its last words may still be on their way.
      const silent = Effect.callback<void>((done) => { child.once("close", () => done(Effect.void)) })
      resume(Effect.andThen(Effect.timeoutOption(silent, "1 second"), Effect.suspend(() => Effect.fail(lost(job, worker, code, signal)))))
    }
    child.on("message", onMessage)
    child.on("exit", onExit)
    child.send(job, () => {}) // one that cannot hear it is about to exit
    return Effect.sync(leave)
  })

const lost = (job: Job, worker: Worker, code: number | null, signal: string | null): ExecutorError => {
  const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`
  const all = worker.lastWords().trim()
  const words = all.split("\n").slice(-5).join("\n")
  // V8 writes its stack after the reason.
  if (/heap out of memory|heap limit|bad_alloc|Cannot allocate memory/.test(all)) {
    return new ExecutorError({ reason: "OutOfMemory", message: `The worker of ${job.node} ran out of memory. Run fewer at once (--jobs), or make the node smaller.` })
  }
  const guess = signal === "SIGKILL" ? " The system does that when memory runs out: run fewer at once (--jobs)." : ""
  return new ExecutorError({ reason: "WorkerLost", message: `The worker of ${job.node} ${how}.${guess}${words === "" ? "" : `\n${words}`}` })
}
