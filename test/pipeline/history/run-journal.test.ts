// What runs write into the journal, and that reading it gives back every run, with little written where little is new.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Key } from "../../../cache/digest.ts"
import { Journal, memoryJournal } from "../../../cache/journal.ts"
import { openRunJournal } from "../../../pipeline/history/run-journal.ts"
import { recall } from "../../../pipeline/commands/history/find-run.ts"
import { StageError } from "../../../pipeline/stage.ts"
import type { Loaded } from "../../../pipeline/plan/load.ts"
import { node } from "../../../pipeline/node.ts"
import { nodesOf } from "../../../pipeline/history/runs.ts"
import type { Prepared, Remembered } from "../../../pipeline/run/context.ts"
import { run } from "../../../pipeline/run/run.ts"
import { countsOf } from "../../../pipeline/run/settled.ts"
import { cap, given, sum } from "../../support/arithmetic.ts"
import { contextOf, Notes, planOf, world } from "../../support/engine.ts"

/** A run over some numbers, accounted for as a command would. */
const accounted = (...values: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const capped = values.map((value) =>
      node(cap, { limit: 5 }, { term: node(given, { value }, {}, { value }).out.value }, { value }),
    )
    const plan = planOf(node(sum, { plus: 0 }, { terms: capped.map((each) => each.out.value) }))
    const loaded = {
      path: "specs/a.ts",
      plan,
      built: { scale: "only", config: [{ name: "values", value: values, description: "" }] },
    } as unknown as Loaded
    const latest = yield* (yield* Journal).latest
    const done = [...latest].flatMap(([id, value]) =>
      id.startsWith("done specs/a.ts ")
        ? [[id.slice("done specs/a.ts ".length), value as unknown as Remembered] as const]
        : [],
    )
    const prepared = { history: new Map(done), absent: latest.get("absent specs/a.ts") ?? [] } as unknown as Prepared
    const context = yield* contextOf({ lastKeys: new Map<string, Key>(done.map(([name, { key }]) => [name, key])) })
    const account = yield* openRunJournal(loaded, prepared, context)
    const settled = yield* account.listening(run(plan, context))
    yield* account.close({ code: 0, counts: countsOf(settled), seconds: 1, settled, judged: [] })
  }).pipe(Effect.scoped)

/** Every run's lines by kind and node, and its nodes with their ends. */
const history = Effect.map(recall, ({ all, runs }) =>
  runs.map((past, i) => ({
    lines: all[i]!.lines.map(({ id }) => id.replace(/ ?specs\/a\.ts ?/, " ").trim()),
    nodes: Object.fromEntries(
      [...nodesOf(past, all)].map(([name, end]) => [name, end._tag === "Done" ? end.outcome : end._tag]),
    ),
  })),
)

const everything = Layer.merge(world, memoryJournal)

describe("the account of a run", () => {
  it.effect("has a line for each node that is new, and gives back all of them", () =>
    Effect.gen(function* () {
      yield* accounted(1)
      yield* accounted(1)
      assert.deepStrictEqual(yield* history, [
        {
          lines: ["began", "done given/value=1", "done cap/value=1", "done sum", "ended"],
          nodes: { "given/value=1": "run", "cap/value=1": "run", sum: "run" },
        },
        { lines: ["began", "ended"], nodes: { "given/value=1": "hit", "cap/value=1": "hit", sum: "hit" } },
      ])
    }).pipe(Effect.provide(everything)),
  )

  it.effect("names the nodes that other settings had, once", () =>
    Effect.gen(function* () {
      yield* accounted(1, 2)
      yield* accounted(1)
      yield* accounted(1)
      const [, second, third] = yield* history
      assert.deepStrictEqual(second, {
        lines: ["began", "absent", "done sum", "ended"],
        nodes: { "given/value=1": "hit", "cap/value=1": "hit", sum: "run" },
      })
      assert.deepStrictEqual(third, {
        lines: ["began", "ended"],
        nodes: { "given/value=1": "hit", "cap/value=1": "hit", sum: "hit" },
      })
    }).pipe(Effect.provide(everything)),
  )

  it.effect("tells what failed and what that stopped", () =>
    Effect.gen(function* () {
      const { inside } = yield* Notes
      inside.set("cap/value=2", Effect.fail(new StageError({ reason: "Diverged", message: "it grew" })))
      yield* accounted(1, 2)
      const [only] = yield* history
      assert.deepStrictEqual(only!.nodes, {
        sum: "Skipped",
        "given/value=1": "run",
        "given/value=2": "run",
        "cap/value=1": "run",
        "cap/value=2": "Failed",
      })
    }).pipe(Effect.provide(everything)),
  )
})
