// What is made again where the store lost or spoiled something, where a run was killed in the middle of a
// write, and where a stage came to no end: the nodes it takes, in that very run, and no wrong byte behind them.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
  writeFileSync,
} from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { digestOf } from "../../cache/digest.ts"
import { look, openMemo } from "../../cache/memo.ts"
import { expectRan, kitchenAfterFirstRun, type Kitchen } from "../support/kitchen.ts"

let kitchen: Kitchen
/** Where the store keeps the output of a node, by `node output`, and its record, by node. */
const blobs = new Map<string, string>()
const records = new Map<string, string>()

beforeAll(async () => {
  kitchen = await kitchenAfterFirstRun()
  for (const { node, key, outputs } of await kitchen.plan("small/spec.ts")) {
    if (typeof key === "string") records.set(node, placeOf("records", key))
    for (const { name, digest } of outputs ?? []) blobs.set(`${node} ${name}`, placeOf("blobs", digest))
  }
})
afterAll(() => kitchen[Symbol.dispose]())

const placeOf = (kind: string, name: string): string => `.pipeline/${kind}/${name.slice(0, 2)}/${name.slice(2)}`
const quarantined = (): number =>
  existsSync(kitchen.path(".pipeline/quarantine")) ? readdirSync(kitchen.path(".pipeline/quarantine")).length : 0

const flip = (path: string): void => {
  const bytes = readFileSync(path)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(path, bytes)
}

describe("in the same run, and with the same results, is made again", () => {
  // Nothing is put back after a damage: the run before has mended it, or this test fails too.
  it("an output whose bytes changed, its size and time of change kept", async () => {
    const file = blobs.get("a row")!
    kitchen.secretly(file, flip)
    expect(await kitchen.predicted()).toEqual({ run: ["a"], maybe: ["b"] })
    expectRan(await kitchen.rerun(), { a: "missing row" })
    expect(quarantined()).toBe(1)
    expectRan(await kitchen.rerun(), {})
  })

  it("an output that was truncated", async () => {
    const file = blobs.get("b row")!
    kitchen.secretly(file, (path) => truncateSync(path, 7))
    expectRan(await kitchen.rerun(), { b: "missing row" })
    expect(quarantined()).toBe(2)
  })

  it("an output in whose place stands another", async () => {
    renameSync(kitchen.path(blobs.get("c row")!), kitchen.path(blobs.get("a row")!))
    expectRan(await kitchen.rerun(), { a: "missing row", c: "missing row" })
  })

  it("an output that was deleted", async () => {
    rmSync(kitchen.path(blobs.get("a row")!))
    expectRan(await kitchen.rerun(), { a: "missing row" })
  })

  it("every output of a record", async () => {
    for (const output of ["row", "pad"]) rmSync(kitchen.path(blobs.get(`a ${output}`)!))
    expectRan(await kitchen.rerun(), { a: "missing row, pad" })
  })

  it("a record whose outputs are all there", async () => {
    rmSync(kitchen.path(records.get("a")!))
    expectRan(await kitchen.rerun(), { a: "missing its record" })
  })

  it("a record that was truncated", async () => {
    truncateSync(kitchen.path(records.get("b")!), 40)
    expectRan(await kitchen.rerun(), { b: "missing its record" })
    expectRan(await kitchen.rerun(), {})
  })

  it("an output whose damage shows only to who reads it", async () => {
    const file = blobs.get("a row")!
    const digest = file.split("/").slice(-2).join("")
    const memo = openMemo(kitchen.path(".pipeline/memo.tsv"))
    const verified = memo.recall(digest, look(kitchen.path(file))!)!
    kitchen.secretly(file, flip)
    // As when a disk forgets: by all that can be asked of it, the file is the one that was verified.
    memo.rememberOwn(digest, verified, look(kitchen.path(file))!)
    memo.close()
    const ran = await kitchen.rerun("--force", "b")
    expectRan(ran, { b: "forced", a: "missing row" })
    expect(ran.told("InputLost")).toMatchObject([{ node: "b", producer: "a", digest }])
    expect(digestOf(readFileSync(kitchen.path(file)))).toBe(digest)
  })

  it("the store's copy of a data file, and no node", async () => {
    const file = blobs.get("source/small/data.txt bytes")!
    kitchen.secretly(file, flip)
    expectRan(await kitchen.rerun(), {})
    expect(kitchen.read(file)).toBe("1 2 3")
  })
})

describe("a stage that came to no end", () => {
  const halfAnOutput =
    "because the run was killed while its output was half written is run again, and nothing takes the half"
  it(halfAnOutput, async () => {
    const { pad, half } = await halfWritten()
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(pad)
    const again = await kitchen.rerun("--set", `pad=${pad}`, "--executor", "pool")
    expectRan(again, { a: expect.stringMatching(/^param pad /) as string, b: "input pad" }, { b: 360 + pad })
  })

  const ends = {
    "because it left out an output is not recorded": {
      options: [],
      from: "pad: new Uint8Array(params.pad)",
      to: "/* no pad */",
      code: 1,
      why: "code",
      says: "declares the output pad (bytes): it was not given",
    },
    "because its process ended as if all were well is not recorded": {
      options: ["--executor", "pool", "--retries", "0"],
      from: "const words",
      to: 'yield* Effect.promise(() => import("pepper").then(({ leave }) => leave()))\n  const words',
      code: 5,
      why: "code, package pepper (none)→3.0.0",
      says: "ended with status 0",
    },
  } as const
  for (const [what, { options, from, to, code, why, says }] of Object.entries(ends)) {
    it(`${what}, stops what is behind it, and runs once it is mended`, async () => {
      kitchen.reset()
      kitchen.edit("small/a.run.ts", "+ flavour", "+ flavour + 1")
      kitchen.edit("small/a.run.ts", from, to)
      for (const time of ["first", "again"]) {
        const ran = await kitchen.rerun(...options)
        expect(ran.code, `${time}: ${ran.text}`).toBe(code)
        expect(ran.started).toEqual({ a: why })
        expect(ran.told("NodeFailed")).toMatchObject([{ node: "a", message: expect.stringContaining(says) as string }])
        expect(ran.told("NodeSkipped")).toMatchObject([{ node: "b", because: "a" }])
      }
      kitchen.edit("small/a.run.ts", to, from)
      expectRan(await kitchen.rerun(), { a: "code", b: "input row" }, { a: 37, b: 370 })
    })
  }
})

/** Kills a run in the middle of the write of its big output. Gives how big that was to be, and how much was written. */
const halfWritten = async (): Promise<{ readonly pad: number; readonly half: number }> => {
  // On a busy machine the moment may pass before we hear of it.
  for (let pad = 1 << 24; ; pad++) {
    const run = kitchen.start("run", "small/spec.ts", "--json", "--set", `pad=${pad}`)
    let half = 0
    const watcher = watch(kitchen.path(".pipeline/blobs"), (_, name) => {
      if (name?.startsWith(".incoming") !== true || half > 0) return
      half = statSync(kitchen.path(`.pipeline/blobs/${name}`), { throwIfNoEntry: false })?.size ?? 0
      if (half > 0) run.signal("SIGKILL")
    })
    const { code } = await run.finished
    watcher.close()
    if (code === null) return { pad, half }
  }
}
