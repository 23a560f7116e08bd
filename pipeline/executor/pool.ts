// Runs jobs in child processes, which are kept between jobs. A process that is told to stop, dies or exceeds its limits
// is ended and never used again. Its unfinished results are lost, and the next job gets a new process. Knows nothing
// about the work of a job.
import { Effect, Exit, Layer, Pool, RcMap, Semaphore, type Scope } from "effect"
import { CacheError } from "../../cache/store.ts"
import { ExecutorError } from "../error.ts"
import { Executor, type Ended, type Job } from "./executor.ts"
import * as message from "./message.ts"
import type { FromChild } from "./serve.ts"
import { fence } from "./fence.ts"
import { end, start, type Worker } from "./fork.ts"
import { inMemory, inTime, memoryOf } from "./limit.ts"

export interface PoolOptions {
  /** The maximum number of processes. */
  readonly size: number
  /** The directory of the store that the processes share. */
  readonly store: string
  /** The bytes that a job may hold if its stage declares no memory; null for no limit. */
  readonly memory: number | null
  /**
   * The bytes for all running jobs together. Stages that declare their memory start together only if their memory fits.
   */
  readonly shared: number
}

type Workers = Pool.Pool<Worker, ExecutorError>

/** A pool of processes. A process is started only when it is needed. */
export const pool = ({ size, store, memory, shared }: PoolOptions): Layer.Layer<Executor> =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const alive = new Set<Worker>()
      // The files that a worker may read are fixed when the worker starts, so each project has its own workers.
      const projects = yield* RcMap.make({
        lookup: (project: string) => workersFor(project, size, store, alive),
        idleTimeToLive: "1 minute",
      })
      const room = yield* Semaphore.make(shared)
      // Ends the workers before the pool waits for their jobs: nobody would receive the results.
      yield* Effect.addFinalizer(() =>
        Effect.sync(() => {
          for (const worker of alive) end(worker)
        }),
      )
      return Executor.of({
        run: Effect.fnUntraced(function* (job, onProgress) {
          const workers = yield* RcMap.get(projects, job.root)
          const limit = job.memory ?? memory
          const work = Effect.scoped(
            Effect.gen(function* () {
              const worker = yield* workerWithMemory(workers, limit)
              const asked = inMemory(job, worker.process.pid!, limit, ask(worker, job, onProgress))
              return yield* Effect.onExit(inTime(job, asked), (exit) =>
                Exit.isSuccess(exit) && !exit.value.spoiled ? Effect.void : discard(workers, worker),
              )
            }),
          )
          return yield* job.memory === null ? work : room.withPermits(Math.min(job.memory, shared))(work)
        }, Effect.scoped),
      })
    }),
  )

const workersFor = Effect.fnUntraced(function* (
  project: string,
  size: number,
  store: string,
  alive: Set<Worker>,
): Effect.fn.Return<Workers, never, Scope.Scope> {
  const flags = fence(project, store)
  const acquire = Effect.tap(
    Effect.acquireRelease(start(store, flags), (worker) => Effect.sync(() => end(worker))),
    (worker) =>
      Effect.sync(() => {
        alive.add(worker)
        worker.process.once("exit", () => {
          alive.delete(worker)
          end(worker) // ends also the processes that the worker started
          // A worker that dies between two jobs must not be handed out again.
          Effect.runFork(Pool.invalidate(workers, worker))
        })
      }),
  )
  const workers: Workers = yield* Pool.makeWithTTL({ acquire, min: 0, max: size, timeToLive: "1 minute" })
  return workers
})

const discard = (workers: Workers, worker: Worker): Effect.Effect<void> =>
  Effect.andThen(
    Effect.sync(() => end(worker)),
    Pool.invalidate(workers, worker),
  )

/**
 * A worker with enough memory left for a job with a limit. The job must not fail because of memory that earlier jobs
 * left in the worker.
 */
const workerWithMemory = Effect.fnUntraced(function* (
  workers: Workers,
  limit: number | null,
): Effect.fn.Return<Worker, ExecutorError, Scope.Scope> {
  for (;;) {
    const worker = yield* Pool.get(workers)
    const crowded = limit !== null && worker.used && memoryOf(worker.process.pid!) > limit / 2
    worker.used = true
    if (!crowded) return worker
    yield* discard(workers, worker)
  }
})

const ask = (
  worker: Worker,
  job: Job,
  onProgress: (fraction: number) => void,
): Effect.Effect<Ended, ExecutorError | CacheError> =>
  Effect.callback((resume) => {
    const { process: child } = worker
    // The worker may have died since it was handed out. Then no event comes any more.
    if (child.exitCode !== null || child.signalCode !== null)
      return resume(Effect.fail(lost(job, worker, child.exitCode, child.signalCode)))
    const leave = (): void => {
      child.off("message", onMessage)
      child.off("exit", onExit)
    }
    const onMessage = (told: FromChild): void => {
      if (told._tag === "Progress") return onProgress(told.fraction)
      leave()
      resume(
        told._tag === "Ended"
          ? Effect.succeed(told.ended)
          : Effect.fail(new CacheError({ reason: told.reason, what: told.what })),
      )
    }
    const onExit = (code: number | null, signal: string | null): void => {
      leave()
      // The last output of the worker may still be arriving.
      const silent = Effect.callback<void>((done) => {
        child.once("close", () => done(Effect.void))
      })
      resume(
        Effect.andThen(
          Effect.timeoutOption(silent, "1 second"),
          Effect.suspend(() => Effect.fail(lost(job, worker, code, signal))),
        ),
      )
    }
    child.on("message", onMessage)
    child.on("exit", onExit)
    child.send(job, () => {}) // a worker that cannot receive the job is about to exit
    return Effect.sync(leave)
  })

const lost = ({ node }: Job, worker: Worker, code: number | null, signal: string | null): ExecutorError => {
  const words = worker.lastWords().trim()
  // V8 writes its stack after the reason, so the whole output is searched.
  if (/heap out of memory|heap limit|bad_alloc|Cannot allocate memory/.test(words))
    return new ExecutorError({ reason: "OutOfMemory", message: message.outOfMemory(node) })
  return new ExecutorError({
    reason: "WorkerLost",
    message: message.lost(node, code, signal, words.split("\n").slice(-5).join("\n")),
  })
}
