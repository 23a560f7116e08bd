// Runs jobs in this process, one after another as they come: for debugging and tests. It cannot stop a body
// that computes without pause, keeps no limit of memory, and leaves all files open to it.
import { Effect, Layer } from "effect"
import { Store } from "../../cache/store.ts"
import { Executor } from "../executor.ts"
import { perform } from "../worker.ts"
import { inTime } from "./limit.ts"

export const inline: Layer.Layer<Executor, never, Store> = Layer.effect(
  Executor,
  Effect.map(Store, (store) =>
    Executor.of({
      run: (job, onProgress) => inTime(job, perform(job, onProgress).pipe(Effect.provideService(Store, store))),
    }),
  ),
)
