// What becomes of the work when nobody reads what it says? It goes on: a reader that has left (`| head -1`, a closed
// terminal) is told nothing more. Words that could not be written for another reason are a loss, told at the end.
import { exitCode, worst, type ExitCode } from "../error.ts"
import { unwritten } from "./reader-message.ts"

/** Keeps a closed reader from ending this process. Any other trouble with what it says shows in the exit code. */
export const outliveReaders = (): void => {
  let lost = false
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (cause: NodeJS.ErrnoException) => {
      if (hasLeft(stream, cause) || lost) return
      lost = true
      process.stderr.write(`${unwritten(cause.message)}\n`)
      process.once("exit", () => {
        process.exitCode = worst([process.exitCode as ExitCode, exitCode.infrastructure])
      })
    })
  }
}

// A pipe, a socket, and a terminal say it in words of their own.
const hasLeft = (stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): boolean =>
  code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && stream.isTTY)
