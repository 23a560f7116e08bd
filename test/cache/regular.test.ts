// A pipe, a folder or a device in the place of a file of the store: whoever reads is told its path, nobody waits, and
// what only saves time is as good as none. In a process of its own, which is ended where it waits after all.
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const forms = ["pipe", "folder", "device", "link to a pipe"] as const
const [hex, digits] = ["ab".repeat(32), `ab/${"ab".repeat(31)}`]

/** Where it stands, what is asked of the store, and the answer; a path at its end is that of the store. */
const asked: ReadonlyArray<readonly [place: string, ask: string, answer: string]> = [
  [`claims/${hex}`, "Effect.scoped(store.claim(hex))", "NotAFile"],
  [`claims/${hex}`, "holdersIn(directory)", "NotAFile"],
  [`claims/${hex}`, "clearDead(directory)", "NotAFile"],
  [`records/${digits}`, "store.record(hex)", "NotAFile"],
  [`records/${digits}`, "Effect.sync(() => store.known(hex))", "undefined"],
  [`blobs/${digits}`, "store.has(hex)", "NotAFile"],
  [`blobs/${digits}`, "store.get(hex)", "NotAFile"],
  ["memo.tsv", "Effect.scoped(Effect.andThen(store.put(new Uint8Array(1)), store.claim(hex)))", "true"],
  ["journal/index.json", "Effect.map(journal.latest, ({ size }) => size)", "0"],
  ["journal/index.json", "Effect.map(fsck(directory, () => {}), ({ faults }) => faults[0]._tag)", "DamagedIndex"],
  ["journal/run.jsonl", "Effect.map(journal.latest, ({ size }) => size)", "0"],
  ["journal/run.jsonl", "journal.read('run')", "NotAFile"],
  [`claims/${hex}`, "Effect.map(inventoryOf(directory), ({ rest }) => rest.length)", "1"],
  ["pipeline-store.txt", "Effect.map(storeDirectoryAt(directory), String)", "Store"],
]

let directory = ""
let answers: { readonly [id: string]: string } = {}
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "pipeline-"))
  const from = (...files: ReadonlyArray<string>) =>
    files.map((each) => `Object.assign(all, await import("${root}/cache/${each}.ts"))`).join("\n")
  const script = `
    import { execFileSync } from "node:child_process"
    import { mkdirSync, symlinkSync } from "node:fs"
    import { dirname, join } from "node:path"
    import { Effect, Layer } from "effect"
    const all = {}
    ${from("disk", "journal-disk", "store", "journal", "live", "fsck", "inventory", "store-directory", "atomic")}
    const { diskLayer, diskJournal, Store, Journal, holdersIn, clearDead, fsck, inventoryOf, storeDirectoryAt } = all
    const make = {
      pipe: (path) => execFileSync("mkfifo", [path]),
      folder: (path) => mkdirSync(path),
      device: (path) => symlinkSync("/dev/zero", path),
      "link to a pipe": (path) => { execFileSync("mkfifo", [path + ".pipe"]); symlinkSync(path + ".pipe", path) },
    }
    const hex = "${hex}"
    const answers = {}
    const asked = [${asked.map(([place, ask]) => `["${place}", (store, journal, directory) => ${ask}]`).join(",\n")}]
    for (const [form, lay] of Object.entries(make)) for (const [i, [place, ask]] of asked.entries()) {
      const directory = join("${directory}", form + i)
      mkdirSync(join(directory, "claims"), { recursive: true })
      mkdirSync(join(directory, "blobs"))
      mkdirSync(dirname(join(directory, place)), { recursive: true })
      lay(join(directory, place))
      const live = Layer.merge(diskLayer(directory), diskJournal(join(directory, "journal")))
      const work = Effect.gen(function* () { return yield* ask(yield* Store, yield* Journal, directory) })
      answers[form + i] = await Effect.runPromise(Effect.match(Effect.provide(work, live), {
        onSuccess: String,
        onFailure: ({ reason, what, cause }) => reason + " " + what + " " + cause.message,
      }))
    }
    console.log(JSON.stringify(answers))`
  const options = { cwd: root, encoding: "utf8", timeout: 30_000 } as const
  answers = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], options)) as typeof answers
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.each(forms)("a %s", (form) => {
  it.each(asked.map(([place, ask, answer], i) => [place.replace(hex, "…"), ask, answer, i] as const))(
    "at %s, for %s: %s",
    (_, __, answer, i) => {
      const path = join(directory, `${form}${i}`, asked[i]![0])
      const named = `NotAFile ${path} a ${form === "link to a pipe" ? "pipe" : form}`
      expect(answers[`${form}${i}`]).toBe(answer === "NotAFile" ? named : answer)
    },
  )
})
