// A durable run: every record is named after its blobs are on the disk, and the journal is there before the end.
import { Effect } from "effect"
import { expect, it } from "vitest"
import { blobsOf, inventoryOf } from "../../cache/inventory.ts"
import { placeIn } from "../../cache/paths.ts"
import { callsOf, isForced } from "../support/calls.ts"
import { layered } from "../support/layered.ts"
import { Project } from "../support/project.ts"

it("a durable run forces every blob to the disk before its record, whoever wrote it, and the journal at the end", ({
  skip,
}) => {
  using project = new Project()
  project.write("specs/layered.ts", layered)
  const store = project.path("store")
  const calls = callsOf(
    project.path("pipeline/launch.mjs"),
    "run",
    project.path("specs/layered.ts"),
    "--durable",
    "--jobs",
    "1",
    "--set",
    "width=2",
    "--set",
    "depth=2",
    "--store",
    store,
    "--out",
    project.path("out"),
  )
  if (calls === undefined) return skip("strace is not here, or may not listen")
  const { records, journals } = Effect.runSync(inventoryOf(store))
  expect(records.size).toBe(4)
  for (const { file, record } of records.values()) {
    const named = calls.findIndex((call) => call.includes(`"${file.path}") = 0`))
    expect(named).toBeGreaterThan(0)
    for (const { digest } of blobsOf(record))
      expect(isForced(placeIn(store, "blobs", digest), calls.slice(0, named)), digest).toBe(true)
  }
  for (const { path } of journals) expect(isForced(path, calls), path).toBe(true)
}, 60_000)
