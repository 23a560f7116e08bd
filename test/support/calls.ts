// What a process asks of the system, as strace hears it.
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** The calls by which a script of ours forces and names files, in order; undefined where they cannot be heard. */
export const callsOf = (...script: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  const directory = mkdtempSync(join(tmpdir(), "calls-"))
  const heard = join(directory, "calls")
  try {
    // One thread for files, so that few calls are told in two halves.
    execFileSync(
      "strace",
      [
        "-f",
        "-y",
        "-s",
        "300",
        "-o",
        heard,
        "-e",
        "trace=fsync,link,linkat,rename,renameat,renameat2",
        process.execPath,
        ...script,
      ],
      { stdio: "ignore", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
    )
    return whole(readFileSync(heard, "utf8").split("\n"))
  } catch {
    return undefined
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A call that another process broke in two is told where it ended. */
const whole = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const begun = new Map<string, string>()
  return lines.flatMap((line) => {
    const [, process = "", start] = /^(\d+) (.*) <unfinished \.\.\.>$/.exec(line) ?? []
    if (start !== undefined) {
      begun.set(process, line.slice(0, line.lastIndexOf(" <unfinished")))
      return []
    }
    const [, of = "", end] = /^(\d+) <\.\.\. \w+ resumed>(.*)$/.exec(line) ?? []
    return end === undefined ? [line] : [`${begun.get(of) ?? `${of} `}${end}`]
  })
}

/** Whether a file or directory was forced to the disk by one of some calls. */
export const isForced = (path: string, calls: ReadonlyArray<string>): boolean =>
  calls.some((call) => call.includes("fsync(") && call.includes(`<${path}>)`) && call.endsWith("= 0"))
