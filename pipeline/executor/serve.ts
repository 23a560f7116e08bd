// Runs in a worker process: takes one job at a time from the parent process, and answers with how the job ended. Knows
// nothing about the pool.
import { Effect, ManagedRuntime } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { CacheError } from "../../cache/store.ts"
import type { Ended, Job } from "./executor.ts"
import { perform } from "./worker.ts"

export type FromChild =
  | { readonly _tag: "Progress"; readonly fraction: number }
  | { readonly _tag: "Ended"; readonly ended: Ended }
  | { readonly _tag: "StoreFailed"; readonly reason: CacheError["reason"]; readonly what: string }

const answer = (message: FromChild): void => {
  process.send!(message)
}

/** Performs the jobs that arrive, with the store in a directory. */
export const serve = (directory: string): void => {
  const runtime = ManagedRuntime.make(diskLayer(directory))
  process.on("message", (job: Job) => {
    const onProgress = (fraction: number): void => answer({ _tag: "Progress", fraction })
    void runtime
      .runPromise(
        Effect.match(perform(job, onProgress), {
          onSuccess: (ended): FromChild => ({ _tag: "Ended", ended }),
          onFailure: (error): FromChild => ({ _tag: "StoreFailed", reason: error.reason, what: error.what }),
        }),
      )
      .then(answer)
  })
}
