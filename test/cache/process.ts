// Starts the child of these tests and ends it, gently or not.
import { Effect } from "effect"
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface Child {
  readonly pid: number
  /** The next line it says. */
  readonly said: Effect.Effect<string>
  /** Everything it has said so far. */
  readonly lines: ReadonlyArray<string>
  /** Ends it as a crash would. */
  readonly kill: Effect.Effect<void>
  /** Waits for its own end. */
  readonly ended: Effect.Effect<number | null>
}

/** A child at a task, killed when the scope closes. */
export const child = (task: string, directory: string) =>
  Effect.acquireRelease(
    Effect.sync(() => start(task, directory)),
    ({ kill }) => kill,
  )

const start = (task: string, directory: string): Child => {
  const script = fileURLToPath(new URL("child.ts", import.meta.url))
  const started: ChildProcess = spawn(process.execPath, [script, task, directory], { stdio: ["ignore", "pipe", "inherit"] })
  const lines: Array<string> = []
  const reader = createInterface({ input: started.stdout! })
  const end = once(started, "exit")
  reader.on("line", (line) => lines.push(line))
  let taken = 0
  return {
    pid: started.pid!,
    lines,
    said: Effect.promise(async () => {
      if (lines.length <= taken) await Promise.race([once(reader, "line"), end])
      taken += 1
      return lines[taken - 1] ?? "nothing, it ended"
    }),
    kill: Effect.promise(async () => {
      started.kill("SIGKILL")
      await end
    }),
    ended: Effect.promise(async () => {
      await end
      return started.exitCode
    }),
  }
}
