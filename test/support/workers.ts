// The worker processes of this test, over a store of their own.
import { Deferred, Effect, Layer } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { diskLayer } from "../../cache/disk.ts"
import { Executor, type Job } from "../../pipeline/executor.ts"
import { pool, type PoolOptions } from "../../pipeline/executor/pool.ts"
import { scratch } from "../cache/contract.ts"
import { jobOf, valuesOf } from "./job.ts"
import { fatal, identity } from "./stages.ts"

/** A pool and its store, gone at the end. */
export const poolOf = (size: number, options: Partial<PoolOptions> = {}) =>
  Layer.unwrap(Effect.map(scratch, (store) => pool({ size, store, memory: null, shared: 8e9, ...options }).pipe(Layer.provideMerge(diskLayer(store)))))

/** The workers of a process that are alive. */
export const workers = (parent = process.pid): ReadonlyArray<number> =>
  readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ").filter((pid) => pid !== "" && textOf(pid, "cmdline").includes("executor/child.ts")).map(Number)

/** The processes of a group that are alive, its leader first. */
export const membersOf = (group: number): ReadonlyArray<number> =>
  readdirSync("/proc").filter((pid) => {
    const [state, , of] = textOf(pid, "stat").replace(/^.*\) /s, "").split(" ")
    return Number(of) === group && state !== "Z"
  }).map(Number).sort((a, b) => a - b)

// A process that has ended has no command line, though it may not have been buried yet.
const textOf = (pid: string, what: "cmdline" | "stat"): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8")
  } catch {
    return ""
  }
}

/** Waits until something holds, which must be soon. */
export const until = (holds: () => boolean, seconds = 5) => Effect.repeat(Effect.sleep("10 millis"), { until: holds }).pipe(Effect.timeout(seconds * 1000))

/** The process that runs a job now. */
export const pid = Effect.flatMap(Executor, (executor) => executor.run(jobOf(identity), () => {})).pipe(
  Effect.flatMap((ended) => valuesOf(identity, ended)),
  Effect.map(({ pid }) => pid as number),
)

/** Begins a fatal job, and waits until its body is at it. */
export const begun = Effect.fnUntraced(function* (by: string, rest: Partial<Job> = {}) {
  const executor = yield* Executor
  const entered = yield* Deferred.make<void>()
  const fiber = yield* Effect.forkChild(executor.run(jobOf(fatal, { by }, rest), () => Effect.runFork(Deferred.succeed(entered, undefined))))
  yield* Deferred.await(entered)
  return fiber
})
