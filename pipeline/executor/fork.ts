// One worker process: how it is started, in a closed world and in a process group of its own, and how it ends with
// all it started. Knows nothing of jobs.
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
  /** The last of what it wrote to its terminal: where a crash explains itself. */
  readonly lastWords: () => string
  /** Whether it was given a job before. */
  used: boolean
}

/** Starts a worker over the store in a directory, under some flags of Node. */
export const start = (directory: string, flags: ReadonlyArray<string>): Effect.Effect<Worker, ExecutorError> =>
  Effect.callback((resume) => {
    const child = fork(fileURLToPath(new URL("./child.ts", import.meta.url)), [directory, String(process.pid)], {
      env: {
        ...environment(),
        NODE_OPTIONS: [...flags, ...conditions().map((each) => `--conditions=${each}`)].map(quoted).join(" "),
      },
      // How large its heap may grow is no part of its world.
      execArgv: process.execArgv.filter((flag) => /^--max-(old|semi)-space-size\b/.test(flag)),
      detached: true, // it leads a group, which can be ended as one
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced", // JSON has no Infinity and no -0
    })
    let words = ""
    const listen = (chunk: Buffer): void => {
      words = (words + chunk.toString()).slice(-4000)
    }
    // Where too many files are open there are none, and only the error comes.
    child.stdout?.on("data", listen)
    child.stderr?.on("data", listen)
    child.once("spawn", () => resume(Effect.succeed({ process: child, lastWords: () => words, used: false })))
    child.on("error", (cause) =>
      resume(Effect.fail(new ExecutorError({ reason: "WorkerLost", message: message.notStarted(cause.message) }))),
    )
  })

// By the environment, for a command line of so many words is more than ONNX Runtime survives: it reads its own,
// with an expression that takes a frame of the stack for every sign.
const quoted = (flag: string): string => `"${flag.replaceAll(/[\\"]/g, String.raw`\$&`)}"`

const environment = (): NodeJS.ProcessEnv => {
  const libraries = process.env["LD_LIBRARY_PATH"] // native packages may not load without
  const compiled = getCompileCacheDir() // a worker starts in half the time
  return {
    ...ofWorkers,
    ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
    ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
  }
}

/** Ends a worker and whatever it started, at once. */
export const end = ({ process: { pid } }: Worker): void => {
  try {
    process.kill(-pid!, "SIGKILL")
  } catch {
    // they ended by themselves
  }
}
