// Lists every executor by the name that `--executor` takes. A new executor is a new entry here. Knows nothing about
// jobs.
import type { Layer } from "effect"
import type { Store } from "../../cache/store.ts"
import type { Executor } from "./executor.ts"
import { inline } from "./inline.ts"
import { pool, type PoolOptions } from "./pool.ts"

export const executors = {
  pool,
  inline: () => inline,
} satisfies { readonly [name: string]: (options: PoolOptions) => Layer.Layer<Executor, never, Store> }

export type ExecutorName = keyof typeof executors
export const executorNames = Object.keys(executors) as ReadonlyArray<ExecutorName>
