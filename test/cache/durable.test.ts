// What is on the disk, and in what order? Told by the calls that a process makes of the system: a power cut cannot
// be had in a test.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { digestOf } from "../../cache/digest.ts"
import { placeIn } from "../../cache/paths.ts"
import { callsOf, isForced } from "../support/calls.ts"
import { keyOf } from "./sample.ts"

it("a durable record is named once its blobs and their names are on the disk, and is then forced there itself", ({
  skip,
}) => {
  const directory = mkdtempSync(join(tmpdir(), "cache-"))
  try {
    const calls = callsOf(fileURLToPath(new URL("child.ts", import.meta.url)), "durable", directory)
    if (calls === undefined) return skip("strace is not here, or may not listen")
    const record = placeIn(directory, "records", keyOf("node"))
    const named = calls.findIndex((call) => call.includes(` link("`) && call.includes(`"${record}") = 0`))
    expect(named, calls.join("\n")).toBeGreaterThan(0)
    const blobs = ["small", "x".repeat(2 << 20), "log", "provenance"].map((text) =>
      placeIn(directory, "blobs", digestOf(text)),
    )
    for (const path of [...blobs, ...blobs.map(dirname), join(directory, "blobs"), directory])
      expect(isForced(path, calls.slice(0, named)), path).toBe(true)
    for (const path of [record, dirname(record), join(directory, "records")])
      expect(isForced(path, calls.slice(named)), path).toBe(true)
    // Written, forced, and not changed since: every blob got its name before.
    expect(calls.findLastIndex((call) => call.includes(` rename("${directory}/blobs/`))).toBeLessThan(
      calls.findIndex((call) => call.includes("fsync(")),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
