// Starts and ends one worker process. The worker runs in a closed world and in its own process group, and ends together
// with all processes that it started. Knows nothing about jobs.
import { fork, type ChildProcess } from "node:child_process"
import { getCompileCacheDir } from "node:module"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { conditions } from "../code/resolve.ts"
import { ExecutorError } from "../error.ts"
import * as message from "./message.ts"
import { ofWorkers } from "../world/environment.ts"

export interface Worker {
  readonly process: ChildProcess
  /** The last text that the process wrote to its terminal. A crash explains itself there. */
  readonly lastWords: () => string
  /** Whether the worker was given a job before. */
  used: boolean
}

/** Starts a worker for the store in a directory, with some flags of Node. */
export const start = (directory: string, flags: ReadonlyArray<string>): Effect.Effect<Worker, ExecutorError> =>
  Effect.callback((resume) => {
    const child = fork(fileURLToPath(new URL("./child.ts", import.meta.url)), [directory, String(process.pid)], {
      env: {
        ...environment(),
        NODE_OPTIONS: [...flags, ...conditions().map((each) => `--conditions=${each}`)].map(quoted).join(" "),
      },
      // The heap size is not part of the worker's world, so these flags are passed on.
      execArgv: process.execArgv.filter((flag) => /^--max-(old|semi)-space-size\b/.test(flag)),
      detached: true, // the worker leads a process group, which can be ended as a whole
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced", // JSON has no Infinity and no -0
    })
    let words = ""
    const listen = (chunk: Buffer): void => {
      words = (words + chunk.toString()).slice(-4000)
    }
    // If too many files are open, the streams do not exist and only the error event comes.
    child.stdout?.on("data", listen)
    child.stderr?.on("data", listen)
    child.once("spawn", () => resume(Effect.succeed({ process: child, lastWords: () => words, used: false })))
    child.on("error", (cause) =>
      resume(Effect.fail(new ExecutorError({ reason: "WorkerLost", message: message.notStarted(cause.message) }))),
    )
  })

// The flags go into the environment, because ONNX Runtime crashes on such a long command line. It parses its own
// command line with a regular expression that takes one stack frame for every character.
const quoted = (flag: string): string => `"${flag.replaceAll(/[\\"]/g, String.raw`\$&`)}"`

const environment = (): NodeJS.ProcessEnv => {
  const libraries = process.env["LD_LIBRARY_PATH"] // native packages may not load without this variable
  const compiled = getCompileCacheDir() // a worker starts in half the time with this cache
  return {
    ...ofWorkers,
    ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
    ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
  }
}

/** Ends a worker and all processes that it started, at once. */
export const end = ({ process: { pid } }: Worker): void => {
  try {
    process.kill(-pid!, "SIGKILL")
  } catch {
    // the processes have already ended
  }
}
