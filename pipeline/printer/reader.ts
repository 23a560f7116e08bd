// What happens if nobody reads the output? The work continues: a reader that has left (`| head -1`, a closed terminal)
// gets nothing more. Output that could not be written for another reason is a loss, and this is reported at the end.
// Knows nothing about what the output says.
import { exitCode, worst, type ExitCode } from "../error.ts"
import { outputNotWritten } from "./reader-message.ts"

/** Lets this process continue after its reader has closed. Any other trouble with the output shows in the exit code. */
export const outliveReaders = (): void => {
  let lost = false
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (cause: NodeJS.ErrnoException) => {
      if (hasLeft(stream, cause) || lost) return
      lost = true
      process.stderr.write(`${outputNotWritten(cause.message)}\n`)
      process.once("exit", () => {
        process.exitCode = worst([process.exitCode as ExitCode, exitCode.infrastructure])
      })
    })
  }
}

// A pipe, a socket and a terminal use different error codes.
const hasLeft = (stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): boolean =>
  code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && stream.isTTY)
