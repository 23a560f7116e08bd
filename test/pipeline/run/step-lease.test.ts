// What a node does while another run holds its lease: it waits, and takes what that makes.
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../../cache/store.ts"
import { node, type StageNode } from "../../../pipeline/node.ts"
import { step } from "../../../pipeline/run/step.ts"
import { given, sum } from "../../support/arithmetic.ts"
import { contextOf, keyFor, Notes, ranNow, runNodes, world } from "../../support/engine.ts"
import type { RunContext } from "../../../pipeline/run/context.ts"

const one = node(given, { value: 1 }, {})

/** Another run, that holds the lease of a node until it is told to go. */
const another = Effect.fnUntraced(function* (node: StageNode, context: RunContext) {
  const scope = yield* Scope.make()
  assert.isTrue(yield* Scope.provide((yield* Store).claim(yield* keyFor(node, context)), scope))
  return { go: Scope.close(scope, Exit.void) }
})

describe("step, while another run holds the lease", () => {
  it.effect("waits for its record and joins", () =>
    Effect.gen(function* () {
      const [context, store] = [yield* contextOf(), yield* Store]
      const { go } = yield* another(one, context)
      const ours = yield* Effect.forkChild(step(one, {}, context))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* ranNow, [])
      // It finishes: its record first, then it gives the lease back.
      const outputs = [{ name: "value", digest: yield* store.put(new TextEncoder().encode("1")), size: 1 }]
      const nothing = { digest: yield* store.put(new Uint8Array()), size: 0 }
      yield* store.publish(yield* keyFor(one, context), {
        outputs,
        provenance: nothing,
        log: nothing,
        seconds: 1,
        host: "there",
        finished: 0,
      })
      yield* go
      yield* TestClock.adjust("1 second")
      const { outcome, outputs: joined } = yield* Fiber.join(ours)
      assert.deepStrictEqual([outcome, joined], ["joined", outputs])
      assert.deepStrictEqual(yield* ranNow, [])
      assert.deepStrictEqual(
        (yield* Notes).events.map((event) => event._tag),
        ["NodeWaiting"],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("does it itself where the other went away without a record", () =>
    Effect.gen(function* () {
      const context = yield* contextOf()
      const { go } = yield* another(one, context)
      const ours = yield* Effect.forkChild(step(one, {}, context))
      yield* TestClock.adjust("1 minute")
      yield* go
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(ours)).outcome, "run")
    }).pipe(Effect.provide(world)),
  )

  it.effect("holds no slot meanwhile, so that others run", () =>
    Effect.gen(function* () {
      const context = yield* contextOf({ jobs: 1 })
      yield* another(one, context)
      const ours = yield* Effect.forkChild(step(one, {}, context))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* step(node(given, { value: 2 }, {}), {}, context)).outcome, "run")
      yield* Fiber.interrupt(ours)
    }).pipe(Effect.provide(world)),
  )

  it.effect("stops waiting once the run drains", () =>
    Effect.gen(function* () {
      let draining = false
      const context = yield* contextOf({ draining: () => draining })
      yield* another(one, context)
      const ours = yield* Effect.forkChild(Effect.flip(step(one, {}, context)))
      yield* TestClock.adjust("1 minute")
      draining = true
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(ours))._tag, "Stopped")
    }).pipe(Effect.provide(world)),
  )

  it.effect("gives the lease back when it is interrupted", () =>
    Effect.gen(function* () {
      const context = yield* contextOf()
      const entered = yield* Deferred.make<void>()
      const notes = yield* Notes
      notes.inside.set("given", Effect.andThen(Deferred.succeed(entered, undefined), Effect.never))
      const ours = yield* Effect.forkChild(step(one, {}, context))
      yield* Deferred.await(entered)
      yield* Fiber.interrupt(ours)
      notes.inside.clear()
      assert.strictEqual((yield* step(one, {}, context)).outcome, "run")
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells its progress between start and end", () =>
    Effect.gen(function* () {
      yield* runNodes([node(sum, { plus: 0 }, { terms: [one.out.value] })])
      assert.deepStrictEqual(
        (yield* Notes).events.map((event) => `${event._tag} ${"node" in event ? event.node : ""}`),
        [
          "NodeStarted given",
          "NodeProgress given",
          "NodeDone given",
          "NodeStarted sum",
          "NodeProgress sum",
          "NodeDone sum",
        ],
      )
    }).pipe(Effect.provide(world)),
  )
})
