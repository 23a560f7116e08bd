// The process at the other end of the pool: takes one job at a time from its parent and answers with how it
// ended. It leaves with its parent, however that went.
import { Worker } from "node:worker_threads"
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

// Known to Node by now, and none of a stage's business.
delete process.env["NODE_COMPILE_CACHE"]
delete process.env["NODE_OPTIONS"]
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"))
// A body that computes without pause never hears of that; a thread of its own does.
new Worker(new URL("./watchdog.ts", import.meta.url), { workerData: process.ppid }).unref()

const runtime = ManagedRuntime.make(diskLayer(process.argv[2]!))
process.on("message", (job: Job) => {
  const onProgress = (fraction: number): void => answer({ _tag: "Progress", fraction })
  void runtime.runPromise(
    Effect.match(perform(job, onProgress), {
      onSuccess: (ended): FromChild => ({ _tag: "Ended", ended }),
      onFailure: (error): FromChild => ({ _tag: "StoreFailed", reason: error.reason, what: error.what }),
    }),
  ).then(answer)
})
