// What a run makes of a plan: what starts, what waits, what a failure stops, and how it heals its store.
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber } from "effect"
import { MemoryStore } from "../../../cache/memory.ts"
import { CacheError, Store, type Stored } from "../../../cache/store.ts"
import { node, type Node } from "../../../pipeline/node.ts"
import { read, run } from "../../../pipeline/run/run.ts"
import { countsOf, storedOf } from "../../../pipeline/run/settled.ts"
import { StageError } from "../../../pipeline/stage.ts"
import { cap, given, sum, wide } from "../../support/arithmetic.ts"
import { contextOf, Notes, outcomes, planOf, ranNow, runNodes, world } from "../../support/engine.ts"

/** b and c of a, and d of both. */
const diamond = (value = 1) => {
  const a = node(given, { value }, {}, { id: "a" })
  const b = node(cap, { limit: 5 }, { term: a.out.value }, { id: "b" })
  const c = node(sum, { plus: 10 }, { terms: [a.out.value] }, { id: "c" })
  const d = node(sum, { plus: 0 }, { terms: [b.out.value, c.out.value] }, { id: "d" })
  return { a, b, c, d }
}

/** A number, capped at 5, and one more. */
const chain = (value: number) => {
  const a = node(given, { value }, {})
  const b = node(cap, { limit: 5 }, { term: a.out.value })
  return [node(sum, { plus: 1 }, { terms: [b.out.value] })]
}

/** A node's body waits until it is let go; `entered` tells that it began. */
const gate = Effect.fnUntraced(function* (name: string) {
  const [entered, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  ;(yield* Notes).inside.set(name, Effect.andThen(Deferred.succeed(entered, undefined), Deferred.await(go)))
  return { entered: Deferred.await(entered), open: Deferred.succeed(go, undefined) }
})

const inside = (name: string, what: Effect.Effect<void, StageError | CacheError>) =>
  Effect.map(Notes, (notes) => void notes.inside.set(name, what))
const diverged = Effect.fail(new StageError({ reason: "Diverged", message: "it grew" }))

describe("run", () => {
  it.effect("starts nodes once their inputs are there, and gives what they made", () =>
    Effect.gen(function* () {
      const { d, ...rest } = diamond()
      const settled = yield* runNodes({ d, ...rest })
      const ran = yield* ranNow
      assert.deepStrictEqual(
        [ran[0], ran.slice(1, 3).sort(), ran[3]],
        ["given/id=a", ["cap/id=b", "sum/id=c"], "sum/id=d"],
      )
      const bytes = yield* (yield* Store).get(storedOf(d.out.value, settled)!.digest)
      assert.strictEqual(new TextDecoder().decode(bytes), "12")
      assert.deepStrictEqual(countsOf(settled), { hit: 0, joined: 0, run: 4, failed: 0, skipped: 0 })
    }).pipe(Effect.provide(world)),
  )

  it.effect("fresh nodes are hits", () =>
    Effect.gen(function* () {
      yield* runNodes(diamond())
      yield* ranNow
      assert.deepStrictEqual(countsOf(yield* runNodes(diamond())), { hit: 4, joined: 0, run: 0, failed: 0, skipped: 0 })
      assert.deepStrictEqual(yield* ranNow, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("an unchanged result stops the wave", () =>
    Effect.gen(function* () {
      yield* runNodes(chain(7))
      yield* ranNow
      assert.deepStrictEqual(outcomes(yield* runNodes(chain(8))), { given: "run", cap: "run", sum: "hit" })
      assert.deepStrictEqual(yield* ranNow, ["given", "cap"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("failure of one branch lets the other finish, and skips what is behind it by name", () =>
    Effect.gen(function* () {
      yield* inside("cap/id=b", diverged)
      const { d, ...rest } = diamond()
      const after = node(cap, { limit: 1 }, { term: d.out.value }, { id: "after" })
      assert.deepStrictEqual(outcomes(yield* runNodes({ d, ...rest, after })), {
        "given/id=a": "run",
        "cap/id=b": "failed: StageError",
        "sum/id=c": "run",
        "sum/id=d": "skipped: cap/id=b",
        "cap/id=after": "skipped: sum/id=d",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("what failed runs again the next time, and what finished beside it does not", () =>
    Effect.gen(function* () {
      yield* inside("cap/id=b", diverged)
      yield* runNodes(diamond())
      yield* ranNow
      yield* inside("cap/id=b", Effect.void)
      yield* runNodes(diamond())
      assert.deepStrictEqual(yield* ranNow, ["cap/id=b", "sum/id=d"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("a store that fails fails the node with its error", () =>
    Effect.gen(function* () {
      yield* inside("cap/id=b", Effect.fail(new CacheError({ reason: "Full", what: "/store" })))
      const made = outcomes(yield* runNodes(diamond()))
      assert.deepStrictEqual([made["cap/id=b"], made["sum/id=c"]], ["failed: CacheError", "run"])
    }).pipe(Effect.provide(world)),
  )

  it.live("a bug in the engine ends the run with that bug, and does not leave it waiting", () =>
    Effect.gen(function* () {
      yield* inside("cap/id=b", Effect.die(new Error("a bug")))
      const exit = yield* Effect.exit(Effect.timeout(runNodes(diamond()), "2 seconds"))
      assert.match(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", /a bug/)
    }).pipe(Effect.provide(world)),
  )

  it.live("an executor that interrupts itself ends the run as interrupted", () =>
    Effect.gen(function* () {
      yield* inside("cap/id=b", Effect.interrupt)
      const exit = yield* Effect.exit(Effect.timeout(runNodes(diamond()), "2 seconds"))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
    }).pipe(Effect.provide(world)),
  )

  it.effect("draining starts nothing new, and what runs finishes", () =>
    Effect.gen(function* () {
      let draining = false
      const { entered, open } = yield* gate("given/id=a")
      const running = yield* Effect.forkChild(runNodes(diamond(), { draining: () => draining }))
      yield* entered
      draining = true
      yield* open
      assert.deepStrictEqual(outcomes(yield* Fiber.join(running)), {
        "given/id=a": "run",
        "cap/id=b": "skipped: interrupted",
        "sum/id=c": "skipped: interrupted",
        "sum/id=d": "skipped: cap/id=b",
      })
    }).pipe(Effect.provide(world)),
  )

  it.effect("draining does not start what waited for a slot", () =>
    Effect.gen(function* () {
      let draining = false
      const { entered, open } = yield* gate("given/id=0")
      const two = [0, 1].map((id) => node(given, { value: id }, {}, { id }))
      const running = yield* Effect.forkChild(runNodes(two, { jobs: 1, draining: () => draining }))
      yield* entered
      draining = true
      yield* open
      assert.deepStrictEqual(outcomes(yield* Fiber.join(running)), {
        "given/id=0": "run",
        "given/id=1": "skipped: interrupted",
      })
    }).pipe(Effect.provide(world)),
  )

  for (const { jobs, stage, most } of [
    { jobs: 3, stage: given, most: 3 },
    { jobs: 4, stage: wide, most: 2 },
    { jobs: 1, stage: wide, most: 1 },
  ]) {
    it.effect(`runs ${most} nodes of ${stage.resources.threads} threads at once in ${jobs} slots`, () =>
      Effect.gen(function* () {
        let [now, peak] = [0, 0]
        const nodes = Array.from({ length: 6 }, (_, id) => node(stage, { value: id }, {}, { id }))
        for (const { name } of nodes) {
          yield* inside(
            name,
            Effect.gen(function* () {
              peak = Math.max(peak, ++now)
              for (let turn = 0; turn < 20; turn++) yield* Effect.yieldNow
              now--
            }),
          )
        }
        yield* runNodes(nodes, { jobs })
        assert.strictEqual(peak, most)
      }).pipe(Effect.provide(world)),
    )
  }
})

/** Loses the outputs of these nodes as soon as `reader` begins. */
const loseInside = Effect.fnUntraced(function* (reader: string, what: "drop" | "damage", of: ReadonlyArray<Stored>) {
  const control = yield* MemoryStore
  let done = false
  yield* inside(
    reader,
    Effect.suspend(() => {
      if (done) return Effect.void
      done = true
      return Effect.forEach(of, ({ digest }) => control[what](digest), { discard: true })
    }),
  )
})

/** Runs nodes and gives what is stored of them. */
const made = (nodes: ReadonlyArray<Node>) =>
  Effect.map(runNodes(nodes), (settled) =>
    nodes.map((each) => storedOf({ node: each, name: "value", kind: { kind: "json", many: false } }, settled)!),
  )

describe("run, when bytes are lost under its hands", () => {
  for (const what of ["drop", "damage"] as const) {
    it.effect(`makes a producer again and tries the reader once more (${what})`, () =>
      Effect.gen(function* () {
        const a = node(given, { value: 1 }, {})
        const stored = yield* made([a])
        yield* ranNow
        yield* loseInside("sum", what, stored)
        const settled = yield* runNodes([node(sum, { plus: 2 }, { terms: [a.out.value] })])
        assert.deepStrictEqual(yield* ranNow, ["sum", "given", "sum"])
        assert.deepStrictEqual(outcomes(settled), { given: "run", sum: "run" })
        const { events } = yield* Notes
        assert.deepStrictEqual(
          events
            .filter((event) => event._tag !== "NodeProgress")
            .slice(-6)
            .map((event) => `${event._tag} ${"node" in event ? event.node : ""}`),
          [
            "NodeStarted sum",
            "InputLost sum",
            "NodeStarted given",
            "NodeDone given",
            "NodeStarted sum",
            "NodeDone sum",
          ],
        )
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("heals a node that lost several inputs", () =>
    Effect.gen(function* () {
      const parts = [1, 2, 3].map((value) => node(given, { value }, {}, { id: value }))
      yield* loseInside("sum", "damage", yield* made(parts))
      const settled = yield* runNodes([node(sum, { plus: 0 }, { terms: parts.map((part) => part.out.value) })])
      assert.strictEqual(outcomes(settled)["sum"], "run")
    }).pipe(Effect.provide(world)),
  )

  it.effect("gives up on a producer whose bytes are lost each time", () =>
    Effect.gen(function* () {
      const a = node(given, { value: 1 }, {})
      const [stored] = yield* made([a])
      const control = yield* MemoryStore
      yield* inside("sum", control.drop(stored!.digest))
      assert.strictEqual(
        outcomes(yield* runNodes([node(sum, { plus: 0 }, { terms: [a.out.value] })]))["sum"],
        "failed: CacheError",
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("makes lost inputs of a lost producer again, too", () =>
    Effect.gen(function* () {
      const a = node(given, { value: 1 }, {})
      const b = node(cap, { limit: 5 }, { term: a.out.value })
      // Both have the same bytes: one loss is two.
      yield* loseInside("sum", "drop", yield* made([a, b]))
      yield* ranNow
      assert.strictEqual(outcomes(yield* runNodes([node(sum, { plus: 0 }, { terms: [b.out.value] })]))["sum"], "run")
    }).pipe(Effect.provide(world)),
  )

  it.effect("reads an output for the page, making it again where it is gone", () =>
    Effect.gen(function* () {
      const a = node(given, { value: 7 }, {})
      const context = yield* contextOf()
      const plan = planOf([a])
      const settled = yield* run(plan, context)
      yield* (yield* MemoryStore).drop(storedOf(a.out.value, settled)!.digest)
      const bytesOf = yield* read([a.out.value], "the page", plan, settled, context)
      assert.strictEqual(new TextDecoder().decode(bytesOf(a.out.value)), "7")
    }).pipe(Effect.provide(world)),
  )
})
