// The process at the other end of the pool: takes one job at a time from its parent and answers with how it
// ended. It leaves with its parent, however that went.
import { Effect, ManagedRuntime } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { CacheError } from "../../cache/store.ts"
import type { Ended, Job } from "../executor.ts"
import { perform } from "../worker.ts"

export type FromChild =
  | { readonly _tag: "Progress"; readonly fraction: number }
  | { readonly _tag: "Ended"; readonly ended: Ended }
  | { readonly _tag: "StoreFailed"; readonly reason: CacheError["reason"]; readonly what: string }

const answer = (message: FromChild): void => { process.send!(message) }

// Ctrl-C reaches the whole group; the parent decides who stops.
process.on("SIGINT", () => {})
process.on("disconnect", () => process.exit())

const runtime = ManagedRuntime.make(diskLayer(process.argv[2]!))
process.on("message", (job: Job) => {
  // A slow terminal must not hear of every step.
  let told = 0
  const onProgress = (fraction: number): void => {
    if (fraction - told < 0.01 && fraction < 1) return
    told = fraction
    answer({ _tag: "Progress", fraction })
  }
  void runtime.runPromise(
    Effect.match(perform(job, onProgress), {
      onSuccess: (ended): FromChild => ({ _tag: "Ended", ended }),
      onFailure: (error): FromChild => ({ _tag: "StoreFailed", reason: error.reason, what: error.what }),
    }),
  ).then(answer)
})
