// Starts the child of these tests and ends it, gently or not.
import { Effect } from "effect"
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

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

/** A child at a task, killed when the scope closes; started by a command, such as one that makes a namespace. */
export const child = (task: string, directory: string, by: ReadonlyArray<string> = []) =>
  Effect.acquireRelease(
    Effect.map(script, (file) => start([...by, process.execPath, file, task, directory])),
    ({ kill }) => kill,
  )

// One file starts in a tenth of a second, a quarter of what its two hundred modules take: hundreds are killed.
let bundled: Promise<string> | undefined
const script = Effect.promise(() => (bundled ??= bundle()))
const bundle = async (): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), "child-"))
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }))
  const built = await rolldown({
    input: fileURLToPath(new URL("child.ts", import.meta.url)),
    platform: "node",
    logLevel: "silent",
  })
  await built.write({ file: join(directory, "child.mjs"), format: "esm" })
  return join(directory, "child.mjs")
}

const start = ([command, ...words]: ReadonlyArray<string>): Child => {
  const started: ChildProcess = spawn(command!, words, { stdio: ["ignore", "pipe", "inherit"], detached: true })
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
      // With all that it started.
      if (started.exitCode === null && started.signalCode === null) process.kill(-started.pid!, "SIGKILL")
      await end
    }),
    ended: Effect.promise(async () => {
      await end
      return started.exitCode
    }),
  }
}
