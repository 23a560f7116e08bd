// Limits a job in seconds and in the memory that its process holds. The memory is read from the system a few times a
// second. Only Linux gives this number; on other systems no memory limit is applied. Knows nothing about how a process
// is ended.
import { readFileSync } from "node:fs"
import { totalmem } from "node:os"
import { Effect } from "effect"
import { ExecutorError } from "../error.ts"
import type { Job } from "./executor.ts"
import * as message from "./message.ts"

/** Interrupts a job that takes longer than its time limit. */
export const inTime = <A, E>({ node, timeout }: Job, work: Effect.Effect<A, E>): Effect.Effect<A, E | ExecutorError> =>
  timeout === null
    ? work
    : Effect.timeoutOrElse(work, {
        duration: timeout * 1000,
        orElse: () => Effect.fail(new ExecutorError({ reason: "TimedOut", message: message.timedOut(node, timeout) })),
      })

/** Interrupts a job whose process holds more than `limit` bytes; null for no limit. */
export const inMemory = <A, E>(
  { node }: Job,
  pid: number,
  limit: number | null,
  work: Effect.Effect<A, E>,
): Effect.Effect<A, E | ExecutorError> =>
  limit === null ? work : Effect.raceFirst(work, overMemoryLimit(node, pid, limit))

const overMemoryLimit = Effect.fnUntraced(function* (
  node: string,
  pid: number,
  limit: number,
): Effect.fn.Return<never, ExecutorError> {
  for (;;) {
    yield* Effect.sleep("100 millis")
    const held = memoryOf(pid)
    if (held > limit)
      return yield* new ExecutorError({ reason: "OutOfMemory", message: message.overMemoryLimit(node, held, limit) })
  }
})

/** The bytes that a process holds now; 0 once the process is gone. */
export const memoryOf = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** The bytes of memory that all processes of this machine, or of this container, share. */
export const machineMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity)
