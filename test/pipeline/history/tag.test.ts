// What a run may be called, and what is said where it may not.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Journal, memoryJournal } from "../../../cache/journal.ts"
import { findRun, recall } from "../../../pipeline/commands/history/find-run.ts"
import { tagCommand } from "../../../pipeline/commands/history/tag.ts"

const id = "2026-11-22T05-23-40-123Z-ab12cd34"
/** A journal of one run, called baseline. */
const tagged = Effect.gen(function* () {
  const journal = yield* Journal
  const { append } = yield* journal.open(id)
  yield* append("began specs/s.ts", { settings: {}, nodes: 0 })
  yield* append("tag baseline", id)
})
const refusal = (run?: string, name?: string, remove?: string) =>
  Effect.map(
    Effect.flip(
      tagCommand({
        run: Option.fromUndefinedOr(run),
        name: Option.fromUndefinedOr(name),
        remove: Option.fromUndefinedOr(remove),
      }),
    ),
    ({ message }) => message,
  )

describe("a tag", () => {
  it.effect("cannot be what would be taken for a run's id, for last, or for a flag", () =>
    Effect.gen(function* () {
      yield* tagged
      for (const name of ["last", "cafe", "2026", "2026-11-22", "12345678", "", "a b", "-x", "last~1", "käse"]) {
        assert.match(yield* refusal("last", name), /cannot be a tag/, name)
      }
    }).pipe(Effect.provide(memoryJournal)),
  )

  it.effect("wants a run, and one that is there", () =>
    Effect.gen(function* () {
      yield* tagged
      assert.match(yield* refusal("last"), /^Give a run/)
      assert.match(yield* refusal(), /^Give a run/)
      assert.match(yield* refusal("last", "v1", "baseline"), /^Give a run/)
      assert.match(
        yield* refusal("ffff", "v1"),
        /^ffff does not name exactly one run\. The last runs are: ab12cd34; the tags are: baseline\./,
      )
      assert.strictEqual(yield* refusal(undefined, undefined, "v1"), "No run is tagged v1. The tags are: baseline.")
    }).pipe(Effect.provide(memoryJournal)),
  )

  it.effect("names its run like the run's own id", () =>
    Effect.gen(function* () {
      yield* tagged
      const { runs } = yield* recall
      for (const name of ["baseline", "last", "ab12", "2026-11"])
        assert.strictEqual((yield* findRun(runs, name)).run, id)
    }).pipe(Effect.provide(memoryJournal)),
  )
})
