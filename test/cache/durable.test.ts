// What is on the disk, and in what order? Told by the calls that a process makes of the system, as strace hears
// them: a power cut cannot be had in a test.
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { digestOf } from "../../cache/digest.ts"
import { placeIn } from "../../cache/place.ts"
import { keyOf } from "./sample.ts"

/** The calls that force and name files, in order; nothing where they cannot be heard. */
const callsOf = (task: string, directory: string): ReadonlyArray<string> | undefined => {
  const heard = join(directory, "calls")
  const child = fileURLToPath(new URL("child.ts", import.meta.url))
  try {
    // One thread for files, so that no call is told in two halves.
    execFileSync("strace", ["-f", "-y", "-s", "300", "-o", heard, "-e", "trace=fsync,link,linkat,rename,renameat,renameat2", process.execPath, child, task, directory], { stdio: "ignore", env: { ...process.env, UV_THREADPOOL_SIZE: "1" } })
    return readFileSync(heard, "utf8").split("\n")
  } catch {
    return undefined
  }
}

it("a durable record is named once its blobs and their names are on the disk, and is then forced there itself", ({ skip }) => {
  const directory = mkdtempSync(join(tmpdir(), "cache-"))
  try {
    const calls = callsOf("durable", directory)
    if (calls === undefined) return skip("strace is not here, or may not listen")
    const record = placeIn(directory, "records", keyOf("node"))
    const named = calls.findIndex((call) => call.includes(` link("`) && call.includes(`"${record}") = 0`))
    expect(named, calls.join("\n")).toBeGreaterThan(0)
    const forced = (path: string, among: ReadonlyArray<string>): boolean => among.some((call) => new RegExp(String.raw`fsync\(\d+<${path}>\) += 0`).test(call))
    const blobs = ["small", "x".repeat(2 << 20), "log", "provenance"].map((text) => placeIn(directory, "blobs", digestOf(text)))
    for (const path of [...blobs, ...blobs.map(dirname), join(directory, "blobs"), directory]) expect(forced(path, calls.slice(0, named)), path).toBe(true)
    for (const path of [record, dirname(record), join(directory, "records")]) expect(forced(path, calls.slice(named)), path).toBe(true)
    // Written, forced, and not changed since: every blob got its name before.
    expect(calls.findLastIndex((call) => call.includes(` rename("${directory}/blobs/`))).toBeLessThan(calls.findIndex((call) => call.includes("fsync(")))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
