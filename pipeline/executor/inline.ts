// Runs jobs in this process, one after another: for debugging and tests. It cannot stop a body that computes without
// pause, applies no memory limit, and lets packages use all files. Knows nothing about worker processes.
import { Effect, Layer, Semaphore } from "effect"
import { Store } from "../../cache/store.ts"
import { ExecutorError } from "../error.ts"
import { Executor, type Job } from "./executor.ts"
import * as message from "./message.ts"
import { perform } from "./worker.ts"
import { asInWorker } from "../world/environment.ts"
import { sandbox } from "../world/sandbox.ts"
import { inTime } from "./limit.ts"

// The engine may bundle the code of a node while another node runs here. The bundler changes globalThis when it is
// loaded. Therefore the bundler is loaded before the first node.
const bundler = Effect.promise(() => import("../code/bundle.ts"))

export const inline: Layer.Layer<Executor, never, Store> = Layer.effect(
  Executor,
  Effect.gen(function* () {
    const store = yield* Store
    // A change of shared state is found only when a node ends, so no other node may run at the same time.
    const alone = yield* Semaphore.make(1)
    // Begins before the spec is loaded, because the spec may change shared state too.
    sandbox.beginBesideOthers()
    // The language for texts is fixed when a process starts.
    const { locale } = Intl.DateTimeFormat().resolvedOptions()
    const language = locale === "en-US" ? undefined : message.otherLanguage(locale)
    let spoiled: string | undefined
    const run = Effect.fnUntraced(function* (job: Job, onProgress: (fraction: number) => void) {
      const trouble = language ?? spoiled ?? whyUnlikeWorkers()
      if (trouble !== undefined) return yield* new ExecutorError({ reason: "Unsuitable", message: trouble })
      yield* bundler
      const work = perform(job, onProgress).pipe(Effect.provideService(Store, store))
      const ended = Effect.acquireUseRelease(
        Effect.sync(asInWorker),
        () => inTime(job, work),
        (asBefore) => Effect.sync(asBefore),
      )
      const noting = Effect.sync(() => {
        if (sandbox.lost !== undefined) spoiled ??= message.spoiled(job.node, sandbox.lost)
      })
      return yield* Effect.ensuring(ended, noting)
    })
    return Executor.of({ run: (job, onProgress) => alone.withPermits(1)(run(job, onProgress)) })
  }),
)

/**
 * The reason why a result of this process could differ from the result of a worker; undefined if there is no reason.
 */
const whyUnlikeWorkers = (): string | undefined => {
  const changed = sandbox.changedByOthers()
  return changed === undefined ? undefined : message.changedByOthers(changed)
}
