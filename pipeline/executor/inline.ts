// Runs jobs in this process, one after another as they come: for debugging and tests. It cannot stop a body
// that computes without pause.
import { Effect, Layer } from "effect"
import { Store } from "../../cache/store.ts"
import { ExecutorError } from "../error.ts"
import { Executor } from "../executor.ts"
import { perform } from "../worker.ts"

export const inline: Layer.Layer<Executor, never, Store> = Layer.effect(
  Executor,
  Effect.map(Store, (store) =>
    Executor.of({
      run: (job, onProgress) => {
        const work = perform(job, onProgress).pipe(Effect.provideService(Store, store))
        return job.timeout === null
          ? work
          : Effect.timeoutOrElse(work, {
              duration: job.timeout * 1000,
              orElse: () => Effect.fail(new ExecutorError({ reason: "TimedOut", message: `${job.node} took longer than ${job.timeout} s and was stopped.` })),
            })
      },
    }),
  ),
)
