// Lists every executor by the name that `--executor` takes. A new executor is a new entry here. Knows nothing about
// jobs.
import { Context, Effect, Layer } from "effect"
import type { Store } from "../../cache/store.ts"
import { Executor } from "./executor.ts"
import type { PoolOptions } from "./pool.ts"

type Made = Layer.Layer<Executor, never, Store>

/** An executor that is loaded and made for the first job: a run with nothing to compute needs no executor. */
const atFirstJob = (load: () => Promise<Made>): Made =>
  Layer.effect(
    Executor,
    Effect.gen(function* () {
      const [scope, around] = [yield* Effect.scope, yield* Effect.context<Store>()]
      const make = Effect.promise(load).pipe(
        Effect.flatMap((layer) => Layer.buildWithScope(layer, scope)),
        Effect.map(Context.get(Executor)),
        Effect.provideContext(around),
        // The first job may be interrupted while the others wait for the same executor.
        Effect.uninterruptible,
      )
      const executor = yield* Effect.cached(make)
      return Executor.of({ run: (job, onProgress) => Effect.flatMap(executor, ({ run }) => run(job, onProgress)) })
    }),
  )

export const executors = {
  pool: (options: PoolOptions) => atFirstJob(async () => (await import("./pool.ts")).pool(options)),
  // Watches shared state from before the spec is loaded.
  inline: () => Layer.unwrap(Effect.promise(async () => (await import("./inline.ts")).inline)),
} satisfies { readonly [name: string]: (options: PoolOptions) => Made }

export type ExecutorName = keyof typeof executors
export const executorNames = Object.keys(executors) as ReadonlyArray<ExecutorName>
