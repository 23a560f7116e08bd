// Runs jobs in child processes, kept between jobs. A process that is told to stop, dies or outgrows its limits
// is ended and never used again: what it computed half is not there, and the next job gets a fresh one.
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
  /** How many processes there are at most. */
  readonly size: number
  /** Directory of the store they share. */
  readonly store: string
  /** Bytes a job may hold whose stage declares none; null for any number. */
  readonly memory: number | null
  /** Bytes there are for all that run: stages that declare how much they hold start together only if it fits. */
  readonly shared: number
}

type Workers = Pool.Pool<Worker, ExecutorError>

/** A pool of processes. None is started before it is needed. */
export const pool = ({ size, store, memory, shared }: PoolOptions): Layer.Layer<Executor> =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const alive = new Set<Worker>()
      // What a worker may read is settled when it starts, so those of one project do not serve another.
      const projects = yield* RcMap.make({
        lookup: (project: string) => workersFor(project, size, store, alive),
        idleTimeToLive: "1 minute",
      })
      const room = yield* Semaphore.make(shared)
      // Before the pool waits for its jobs to end: nobody is left to hear of them.
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
              const worker = yield* roomy(workers, limit)
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
          end(worker) // what it started
          // One that dies between two jobs is not handed out again.
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

/** A worker with room for a job under a limit: what the jobs before it left there is not its fault. */
const roomy = Effect.fnUntraced(function* (
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
    // It may have died since it was handed out: then nothing more is heard of it.
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
      // Its last words may still be on their way.
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
    child.send(job, () => {}) // one that cannot hear it is about to exit
    return Effect.sync(leave)
  })

const lost = ({ node }: Job, worker: Worker, code: number | null, signal: string | null): ExecutorError => {
  const words = worker.lastWords().trim()
  // V8 writes its stack after the reason.
  if (/heap out of memory|heap limit|bad_alloc|Cannot allocate memory/.test(words))
    return new ExecutorError({ reason: "OutOfMemory", message: message.outOfMemory(node) })
  return new ExecutorError({
    reason: "WorkerLost",
    message: message.lost(node, code, signal, words.split("\n").slice(-5).join("\n")),
  })
}
