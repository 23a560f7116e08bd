import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Journal, memoryJournal } from "../../cache/journal.ts"
import type { Data } from "../../cache/digest.ts"
import type { CacheError } from "../../cache/store.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"

/** Writes some lines as one run. */
const write = (run: string, ...lines: ReadonlyArray<readonly [id: string, value: Data]>) =>
  Effect.gen(function* () {
    const { append } = yield* (yield* Journal).open(run)
    for (const [id, value] of lines) yield* append(id, value)
  }).pipe(Effect.scoped)

const latest = Effect.gen(function* () {
  return Object.fromEntries(yield* (yield* Journal).latest)
})

const suite = (name: string, layer: Layer.Layer<Journal, CacheError>) =>
  describe(name, () => {
    it.effect("knows nothing at first", () =>
      Effect.gen(function* () {
        const journal = yield* Journal
        assert.deepStrictEqual([yield* latest, yield* journal.runs, yield* journal.read("none")], [{}, [], []])
      }).pipe(Effect.provide(layer)),
    )

    it.effect("gives back what a run wrote, in order", () =>
      Effect.gen(function* () {
        const lines = [
          ["a", 1],
          ["b", { list: [null, "\n", "é"] }],
          ["a", 2],
        ] as const
        yield* write("2026/11 ä", ...lines)
        const journal = yield* Journal
        const read = yield* journal.read("2026/11 ä")
        assert.deepStrictEqual(
          read.map(({ id, value }) => [id, value]),
          lines.map((line) => [...line]),
        )
        assert.isTrue(read.every(({ time }, i) => i === 0 || time > read[i - 1]!.time))
        assert.deepStrictEqual(yield* journal.runs, ["2026/11 ä"])
      }).pipe(Effect.provide(layer)),
    )

    it.effect("knows the newest value of every id, whatever the names of the runs", () =>
      Effect.gen(function* () {
        yield* write("z", ["a", 1], ["b", 1], ["a", 2])
        assert.deepStrictEqual(yield* latest, { a: 2, b: 1 })
        yield* write("m", ["a", 3])
        yield* write("a", ["a", 4], ["c", 4])
        yield* write("z", ["c", 5])
        assert.deepStrictEqual(yield* latest, { a: 4, b: 1, c: 5 })
        assert.deepStrictEqual(yield* (yield* Journal).runs, ["z", "m", "a"])
      }).pipe(Effect.provide(layer)),
    )

    it.effect("sees at once what open runs append, in the order of time", () =>
      Effect.gen(function* () {
        const journal = yield* Journal
        const [one, two] = [yield* journal.open("one"), yield* journal.open("two")]
        yield* two.append("a", "first")
        yield* one.append("a", "second")
        assert.deepStrictEqual(yield* latest, { a: "second" })
        yield* two.append("a", "third")
        assert.deepStrictEqual(yield* latest, { a: "third" })
        yield* one.append("b", 1)
        assert.deepStrictEqual(yield* latest, { a: "third", b: 1 })
      }).pipe(Effect.scoped, Effect.provide(layer)),
    )
  })

suite("the journal in memory", memoryJournal)
suite("the journal on disk", Layer.unwrap(Effect.map(scratch, diskJournal)))

describe("a journal on disk", () => {
  const big = "x".repeat(1 << 16)

  it.effect("keeps everything from one opening to the next, although the clock was set back", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      yield* TestClock.setTime(5_000_000)
      yield* write("one", ["a", 1]).pipe(Effect.provide(diskJournal(directory)))
      yield* TestClock.setTime(1_000)
      yield* write("two", ["a", 2]).pipe(Effect.provide(diskJournal(directory)))
      assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { a: 2 })
    }),
  )

  it.effect("passes over a line torn at any byte, and goes on after it", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const path = join(directory, "run.jsonl")
      yield* write("run", ["a", 1], ["b", { deep: [2] }]).pipe(Effect.provide(diskJournal(directory)))
      const whole = readFileSync(path)
      const first = whole.indexOf(10) + 1
      for (let size = first; size < whole.length; size++) {
        writeFileSync(path, whole.subarray(0, size))
        assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { a: 1 })
        yield* write("run", ["c", 3]).pipe(Effect.provide(diskJournal(directory)))
        // Only the newline was missing from the last, which is whole then.
        const expected = size === whole.length - 1 ? { a: 1, b: { deep: [2] }, c: 3 } : { a: 1, c: 3 }
        assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), expected)
      }
    }),
  )

  it.effect("needs only the snapshot and what came after it", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      yield* write("one", ["a", 1], ["big", big]).pipe(Effect.andThen(latest), Effect.provide(diskJournal(directory)))
      // As long as it was, but without its lines: whoever still knows them has them from the snapshot.
      writeFileSync(join(directory, "one.jsonl"), "\n".repeat(statSync(join(directory, "one.jsonl")).size))
      yield* write("two", ["b", 2]).pipe(Effect.provide(diskJournal(directory)))
      assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { a: 1, big, b: 2 })
    }),
  )

  const wrong: Readonly<Record<string, (snapshot: string) => void>> = {
    "that is gone": (snapshot) => rmSync(snapshot),
    "that is empty": (snapshot) => truncateSync(snapshot, 0),
    "that is torn": (snapshot) => truncateSync(snapshot, 200),
    "with a changed byte": (snapshot) =>
      writeFileSync(snapshot, readFileSync(snapshot, "utf8").replace('"times":[', '"times":[9')),
    "that is not ours": (snapshot) => writeFileSync(snapshot, "{}"),
  }
  for (const [kind, spoil] of Object.entries(wrong)) {
    it.effect(`builds a snapshot ${kind} again`, () =>
      Effect.gen(function* () {
        const directory = yield* scratch
        const snapshot = join(directory, "index.json")
        yield* write("one", ["a", 1], ["big", big], ["a", 2]).pipe(
          Effect.andThen(latest),
          Effect.provide(diskJournal(directory)),
        )
        const good = readFileSync(snapshot, "utf8")
        spoil(snapshot)
        assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { a: 2, big })
        assert.strictEqual(readFileSync(snapshot, "utf8"), good)
      }),
    )
  }

  it.effect("forgets a run whose file was removed", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      yield* write("one", ["a", 1], ["big", big]).pipe(Effect.provide(diskJournal(directory)))
      yield* write("two", ["a", 2], ["b", 2]).pipe(Effect.andThen(latest), Effect.provide(diskJournal(directory)))
      rmSync(join(directory, "two.jsonl"))
      assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { a: 1, big })
    }),
  )

  it.live("keeps through a kill every line that was flushed, in order and without a gap", () =>
    Effect.gen(function* () {
      for (let round = 0; round < 5; round++) {
        const directory = yield* scratch
        const writer = yield* child("journal", directory)
        yield* writer.said
        yield* Effect.sleep(20 + Math.random() * 100)
        yield* writer.kill
        const entries = yield* Effect.flatMap(Journal, (journal) => journal.read("killed")).pipe(
          Effect.provide(diskJournal(directory)),
        )
        assert.isAtLeast(entries.length, Number(writer.lines.at(-1)) + 1)
        assert.deepStrictEqual(
          entries.map(({ id }) => id),
          entries.map((_, i) => `id ${i}`),
        )
      }
    }),
  )

  it.live("flushes by itself, so that a kill loses at most the last moment", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      const writer = yield* child("appendOnce", directory)
      assert.strictEqual(yield* writer.said, "begun")
      yield* writer.kill
      assert.deepStrictEqual(yield* latest.pipe(Effect.provide(diskJournal(directory))), { id: "value" })
    }),
  )

  it.effect("says that a line could not be written, and refuses those after it", () =>
    Effect.gen(function* () {
      const directory = yield* scratch
      // What writes here is told that the disk is full.
      symlinkSync("/dev/full", join(directory, "full.jsonl"))
      const journal = Context.get(yield* Layer.build(diskJournal(directory)), Journal)
      const { append, flush } = yield* journal.open("full")
      yield* append("a", 1)
      assert.strictEqual((yield* Effect.flip(flush)).reason, "Full")
      assert.strictEqual((yield* Effect.flip(append("b", 2))).reason, "Full")
    }).pipe(Effect.scoped),
  )
})
