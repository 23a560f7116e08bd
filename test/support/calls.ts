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
    // One thread for files, so that no call is told in two halves.
    execFileSync("strace", ["-f", "-y", "-s", "300", "-o", heard, "-e", "trace=fsync,link,linkat,rename,renameat,renameat2", process.execPath, ...script], { stdio: "ignore", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } })
    return readFileSync(heard, "utf8").split("\n")
  } catch {
    return undefined
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Whether a file or directory was forced to the disk by one of some calls. */
export const isForced = (path: string, calls: ReadonlyArray<string>): boolean => calls.some((call) => call.includes("fsync(") && call.includes(`<${path}>)`) && call.endsWith("= 0"))
