// Tries a job again after a failure that may pass by itself. A lost worker and a store that did not answer are tried
// again, each time after a longer delay. A stage's own failure, a reached limit and a full disk are not. Knows nothing
// about where stages run.
import { Duration, Effect, Layer, Schedule } from "effect"
import { CacheError } from "../../cache/store.ts"
import type { ExecutorError } from "../error.ts"
import { Events } from "../event.ts"
import { Executor } from "./executor.ts"
import { failure } from "../text/failure.ts"

/** An executor that tries a job again, up to `retries` times, after a failure that may pass. */
export const retrying = (retries: number): Layer.Layer<Executor, never, Executor | Events> =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const executor = yield* Executor
      const events = yield* Events
      // The delay is one second, then two, then four, and so on. The delay is jittered, so jobs that failed together do
      // not start together.
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

// A job that once ran out of memory or time does so again under the same limit. The run makes missing or damaged
// outputs again.
const mayPass = (error: ExecutorError | CacheError): boolean =>
  error.reason === "WorkerLost" || error.reason === "Unavailable"
