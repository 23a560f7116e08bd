// Every file of a finished store, damaged in every way in turn: an examination finds it; a run notices it where the
// bytes matter, says so, puts them aside, makes anew what they were and nothing else, and ends with the same results.
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, chmodSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { Effect, Layer } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Digest } from "../../cache/digest.ts"
import { diskLayer } from "../../cache/disk.ts"
import { fsck } from "../../cache/fsck.ts"
import { inventoryOf } from "../../cache/inventory.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Journal } from "../../cache/journal.ts"
import { look, openMemo } from "../../cache/memo.ts"
import { everything } from "../../pipeline/commands/choose.ts"
import { runSpec } from "../../pipeline/commands/run/run.ts"
import { Events, type Event } from "../../pipeline/event.ts"
import { inline } from "../../pipeline/executor/inline.ts"
import { layered } from "../support/layered.ts"
import { Project, recordsIn } from "../support/project.ts"

let project: Project
/** A store in which four nodes are done, and what is in it. */
let sound: string
let results: ReadonlyMap<string, string>
/** What each file is, by its path in the store, and the node it belongs to. */
let files: ReadonlyMap<string, { readonly what: What; readonly node: string }>
type What =
  | "output"
  | "provenance"
  | "log"
  | "code"
  | "record"
  | "journal"
  | "snapshot of the journals"
  | "memo"
  | "memo of fingerprints"

beforeAll(async () => {
  project = new Project()
  project.write("specs/layered.ts", layered)
  sound = project.path("sound")
  expect((await run(sound)).started).toHaveLength(4)
  // A journal long enough for a snapshot.
  const long = Effect.gen(function* () {
    const journal = yield* Journal
    const { append, flush } = yield* journal.open("long")
    yield* append("long", "x".repeat(1 << 17))
    yield* flush
    yield* journal.latest
  })
  await Effect.runPromise(Effect.scoped(long).pipe(Effect.provide(diskJournal(join(sound, "journal")))))
  results = await recordsIn(sound)
  files = await identify(sound)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

/** A run in this process: what it started and why, and everything it told. */
const run = async (store: string, options: { readonly force?: ReadonlyArray<string>; readonly wait?: string } = {}) => {
  const events: Array<Event> = []
  const { force = [], wait = "0" } = options
  const layer = inline.pipe(
    Layer.provideMerge(Layer.merge(diskLayer(store), diskJournal(join(store, "journal")))),
    Layer.merge(Events.layer((event) => events.push(event))),
  )
  const set = { width: "2", depth: "2", wait }
  const ran = runSpec({
    ...everything,
    force,
    spec: project.path("specs/layered.ts"),
    set,
    store,
    out: project.path("out"),
    jobs: 2,
    timeout: null,
    onDrain: () => undefined,
  })
  const { code } = await Effect.runPromise(Effect.scoped(ran).pipe(Effect.provide(layer)))
  expect(code).toBe(0)
  return {
    events,
    started: events.flatMap((event) => (event._tag === "NodeStarted" ? [`${event.node}: ${event.reason._tag}`] : [])),
  }
}

const identify = async (store: string): Promise<typeof files> => {
  const { blobs, records, journals, rest } = await Effect.runPromise(inventoryOf(store))
  const found = new Map<string, { readonly what: What; readonly node: string }>()
  const note = (path: string, what: What, node = ""): void => void found.set(relative(store, path), { what, node })
  for (const { file, record } of records.values()) {
    const pathOf = (digest: Digest): string => blobs.get(digest)!.path
    const { node } = JSON.parse(readFileSync(pathOf(record.provenance.digest), "utf8")) as { readonly node: string }
    note(file.path, "record", node)
    for (const { digest } of record.outputs) note(pathOf(digest), "output", node)
    note(pathOf(record.provenance.digest), "provenance", node)
    note(pathOf(record.log.digest), "log", node)
    for (const { digest } of Object.values(record.code ?? {})) note(pathOf(digest), "code", node)
  }
  for (const { path } of journals) note(path, "journal")
  for (const { path } of rest)
    note(
      path,
      path.endsWith("index.json")
        ? "snapshot of the journals"
        : path.endsWith("fingerprints.json")
          ? "memo of fingerprints"
          : "memo",
    )
  expect(found.size).toBe(blobs.size + records.size + journals.length + rest.length)
  return found
}

const damages: Readonly<Record<string, (path: string) => void>> = {
  truncated: (path) => truncateSync(path, readFileSync(path).length >> 1),
  emptied: (path) => truncateSync(path, 0),
  "bit-flipped": (path) => flip(path, readFileSync(path).length * 4 + 1),
  removed: (path) => rmSync(path),
}
const flip = (path: string, bit: number): void => {
  const bytes = readFileSync(path)
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  writeFileSync(path, bytes)
}

let copies = 0
/** A copy of the store, in which one file is damaged. */
const damagedCopy = (file: string, damage: (path: string) => void): string => {
  const copy = project.path(`copy${copies++}`)
  cpSync(sound, copy, { recursive: true })
  chmodSync(join(copy, file), 0o644)
  damage(join(copy, file))
  return copy
}
const faultsIn = async (store: string): Promise<ReadonlyArray<string>> =>
  (await Effect.runPromise(fsck(store, () => undefined))).faults.map(({ _tag }) => _tag)
const putAside = (store: string): ReadonlyArray<string> => {
  try {
    return readdirSync(join(store, "quarantine"))
  } catch {
    return []
  }
}

/** What an examination says of it; nothing of memos, which are not believed where they are damaged, and made again. */
const faultOf = (what: What, damage: string): ReadonlyArray<string> => {
  switch (what) {
    case "output":
    case "provenance":
    case "log":
    case "code":
      return [damage === "removed" ? "MissingBlob" : "DamagedBlob"]
    case "record":
      return damage === "removed" ? [] : ["TornRecord"] // without a record there is nothing to miss
    case "journal":
      return [damage === "bit-flipped" ? "DamagedJournal" : "ShortJournal"]
    case "snapshot of the journals":
      return damage === "removed" ? [] : ["DamagedIndex"]
    default:
      return []
  }
}

for (const [damage, act] of Object.entries(damages)) {
  describe(`what is ${damage}`, () => {
    it("is found by an examination, and nothing else is", async () => {
      for (const [file, { what }] of files)
        expect([...new Set(await faultsIn(damagedCopy(file, act)))], `${what} ${file}`).toEqual(faultOf(what, damage))
    })

    it("is made anew by a run where it matters, told and put aside, and nothing else runs", async () => {
      for (const [file, { what, node }] of files) {
        const store = damagedCopy(file, act)
        const matters = what === "output" || what === "record"
        const { started } = await run(store)
        expect(started, `${what} ${file}`).toEqual(matters ? [`${node}: Lost`] : [])
        expect(putAside(store).length, `${what} ${file}`).toBe(matters && damage !== "removed" ? 1 : 0)
        expect(await recordsIn(store), `${what} ${file}`).toEqual(results)
        if (matters) expect(await faultsIn(store), `${what} ${file}`).toEqual([])
      }
    })
  })
}

it("a memo with any bit flipped runs nothing and changes nothing", async () => {
  for (const [file, { what }] of files) {
    if (what !== "memo" && what !== "memo of fingerprints") continue
    const path = join(sound, file)
    const whole = readFileSync(path)
    // In the store itself: its files are as the memo knows them.
    for (let at = 1; at < 8 * whole.length; at += Math.ceil((8 * whole.length) / 12)) {
      flip(path, at)
      expect((await run(sound)).started, `${what}, bit ${at}`).toEqual([])
      expect(await recordsIn(sound)).toEqual(results)
      writeFileSync(path, whole)
    }
  }
})

/** Flips a bit of a file of the node, and has the memo rememberOwn for it as it is now. */
const rotten = (wanted: What, of: string): string => {
  const [file] = [...files].find(([, { what, node }]) => what === wanted && node === of)!
  const store = damagedCopy(file, damages["bit-flipped"]!)
  const memo = openMemo(join(store, "memo.tsv"))
  const digest = file.split("/").slice(1).join("")
  memo.rememberOwn(digest, "", look(join(store, file))!)
  memo.close()
  return store
}

describe("what the disk changed behind the memo", () => {
  it("is noticed once an output is read, and made anew in the same run", async () => {
    const store = rotten("output", "cell/layer=0,place=0")
    const { started, events } = await run(store, { force: ["cell/layer=1,place=0"] })
    expect(
      events.flatMap((event) => (event._tag === "InputLost" ? [`${event.producer} for ${event.node}`] : [])),
    ).toEqual(["cell/layer=0,place=0 for cell/layer=1,place=0"])
    expect([...new Set(started)].sort()).toEqual(["cell/layer=0,place=0: Lost", "cell/layer=1,place=0: Forced"])
    expect(putAside(store)).toHaveLength(1)
    expect(await recordsIn(store)).toEqual(results)
    expect(await faultsIn(store)).toEqual([])
  })

  it("in a provenance costs a run no more than the reason why", async () => {
    const store = rotten("provenance", "cell/layer=0,place=0")
    const { started } = await run(store, { wait: "1" })
    expect(started).toHaveLength(4)
    expect(started).toContain("cell/layer=0,place=0: FirstRun")
  })

  it("is found by an examination", async () => {
    expect(await faultsIn(rotten("output", "cell/layer=0,place=0"))).toEqual(["DamagedBlob"])
  })
})
