// Which trouble passes by itself? A worker that was lost and a store that did not answer are tried again, each
// time later; a stage's own failure, a limit reached and a full disk are not. Knows nothing of where stages run.
import { Duration, Effect, Layer, Schedule } from "effect"
import { CacheError } from "../../cache/store.ts"
import type { ExecutorError } from "../error.ts"
import { Events } from "../event.ts"
import { Executor } from "./executor.ts"
import { failure } from "../text/failure.ts"

/** An executor that tries again up to `retries` times what may pass. */
export const retrying = (retries: number): Layer.Layer<Executor, never, Executor | Events> =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const executor = yield* Executor
      const events = yield* Events
      // One second, two, four, and so on; jittered, so that what failed together does not start together.
      const later = Schedule.exponential("1 second").pipe(
        Schedule.upTo({ times: retries }),
        Schedule.jittered,
        Schedule.setInputType<ExecutorError | CacheError>(),
        Schedule.while(({ input }) => mayPass(input)),
      )
      return Executor.of({
        run: (job, onProgress) => {
          const told = Schedule.tap(later, ({ attempt, duration, input }) =>
            events.tell({
              _tag: "NodeRetried",
              node: job.node,
              attempt,
              of: retries,
              because: failure(input),
              delay: Duration.toSeconds(duration),
            }),
          )
          return Effect.retry(executor.run(job, onProgress), told)
        },
      })
    }),
  )

// Out of memory or time once, so again under the same limit; what is missing or damaged is made again by the run.
const mayPass = (error: ExecutorError | CacheError): boolean =>
  error.reason === "WorkerLost" || error.reason === "Unavailable"
