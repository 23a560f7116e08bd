// Runs jobs in this process, one after another as they come: for debugging and tests. It cannot stop a body that
// computes without pause, keeps no limit of memory, and leaves all files open to packages.
import { Effect, Layer, Semaphore } from "effect"
import { Store } from "../../cache/store.ts"
import { ExecutorError } from "../error.ts"
import { Executor } from "../executor.ts"
import * as message from "../message/executor.ts"
import { perform } from "../worker.ts"
import { room } from "../world/room.ts"
import { inTime } from "./limit.ts"

export const inline: Layer.Layer<Executor, never, Store> = Layer.effect(
  Executor,
  Effect.gen(function* () {
    const store = yield* Store
    // What a node changes of what all share is found at its end: so nobody else may be at it.
    const alone = yield* Semaphore.make(1)
    const unlike = unlikeWorkers()
    room.begin()
    return Executor.of({
      run: Effect.fnUntraced(function* (job, onProgress) {
        if (unlike !== undefined)
          return yield* new ExecutorError({ reason: "WorkerLost", message: message.unlike(unlike) })
        return yield* alone.withPermits(1)(
          inTime(job, perform(job, onProgress).pipe(Effect.provideService(Store, store))),
        )
      }),
    })
  }),
)

/** What makes a result of this process another than that of a worker; undefined where nothing does. */
const unlikeWorkers = (): string | undefined => {
  // Every worker has this time zone; the language of texts is settled when a process starts.
  process.env["TZ"] = "UTC"
  const { locale } = Intl.DateTimeFormat().resolvedOptions()
  return locale === "en-US" ? undefined : `the language ${locale}`
}
