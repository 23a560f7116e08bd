// What is tried again, how often and how much later, in a time that is turned by hand.
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Layer, Random } from "effect"
import { TestClock } from "effect/testing"
import { CacheError } from "../../../cache/store.ts"
import { digestOf } from "../../../cache/digest.ts"
import { ExecutorError } from "../../../pipeline/error.ts"
import { Events, type Event } from "../../../pipeline/event.ts"
import { Executor, type Ended } from "../../../pipeline/executor/executor.ts"
import { retrying } from "../../../pipeline/executor/retrying.ts"
import { jobOf } from "../../support/job.ts"
import { talkative } from "../../support/stages.ts"
import { line } from "../../../pipeline/printer/message.ts"

const job = jobOf(talkative)
const ended = (result: Ended["result"]): Ended => ({
  result,
  log: { digest: digestOf(""), size: 0 },
  seconds: 0,
  spoiled: false,
  peakMemory: 0,
})
const made = ended({ _tag: "Made", outputs: [] })
const lost = new ExecutorError({ reason: "WorkerLost", message: "The worker was lost." })

/** Runs a job whose tries end as given, under a chance between 0 and 1, and turns the time until it ends. */
const tried = Effect.fnUntraced(function* (
  retries: number,
  ends: ReadonlyArray<ExecutorError | CacheError | Ended>,
  chance = 0.5,
) {
  const started = yield* Clock.currentTimeMillis
  const tries: Array<number> = []
  const events: Array<Event> = []
  const executor = Executor.of({
    run: Effect.fnUntraced(function* () {
      const end = ends[tries.push((yield* Clock.currentTimeMillis) - started) - 1]!
      return "result" in end ? end : yield* end
    }),
  })
  const layer = retrying(retries).pipe(
    Layer.provide([Layer.succeed(Executor, executor), Events.layer((event) => events.push(event))]),
  )
  const fiber = yield* Effect.forkChild(
    Effect.flatMap(Executor, (each) => each.run(job, () => {})).pipe(
      Effect.provide(layer),
      Effect.provideService(Random.Random, { nextDoubleUnsafe: () => chance, nextIntUnsafe: () => 0 }),
    ),
  )
  for (let second = 0; second < 60; second++) yield* TestClock.adjust("1 second")
  return { exit: yield* Fiber.await(fiber), tries, events }
})

describe("trouble that may pass", () => {
  it.effect("is tried again, each time later, until it has passed", () =>
    Effect.gen(function* () {
      const { exit, tries, events } = yield* tried(5, [lost, lost, lost, made])
      assert.deepStrictEqual(exit, Exit.succeed(made))
      assert.deepStrictEqual(tries, [0, 1000, 3000, 7000])
      assert.deepStrictEqual(
        events,
        [1, 2, 3].map((attempt) => ({
          _tag: "NodeRetried" as const,
          node: "talkative/test",
          attempt,
          of: 5,
          because: "The worker was lost.",
          delay: 2 ** (attempt - 1),
        })),
      )
    }),
  )

  it.effect("is tried a little sooner or later by chance, so that what failed together does not start together", () =>
    Effect.gen(function* () {
      const [soon, late] = [yield* tried(2, [lost, lost, made], 0), yield* tried(2, [lost, lost, made], 1)]
      assert.deepStrictEqual(
        [soon.tries, late.tries],
        [
          [0, 800, 2400],
          [0, 1200, 3600],
        ],
      )
    }),
  )

  it.effect("is given up after so many times", () =>
    Effect.gen(function* () {
      const { exit, tries, events } = yield* tried(2, [lost, lost, lost, made])
      assert.deepStrictEqual(exit, Exit.fail(lost))
      assert.deepStrictEqual([tries, events.length], [[0, 1000, 3000], 2])
    }),
  )

  it.effect("is told in a line that names the node, the time and the reason", () =>
    Effect.gen(function* () {
      const { events } = yield* tried(2, [lost, made])
      assert.strictEqual(line(events[0]!), "retry   talkative/test in 1.0 s (1 of 2): The worker was lost.")
    }),
  )

  it.effect("is a store that did not answer, too", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* tried(2, [new CacheError({ reason: "Unavailable", what: "blob" }), made])).exit,
        Exit.succeed(made),
      )
    }),
  )
})

describe("what will not pass is not tried again", () => {
  const failures = {
    "a limit of memory": new ExecutorError({ reason: "OutOfMemory", message: "" }),
    "a limit of time": new ExecutorError({ reason: "TimedOut", message: "" }),
    "a full disk": new CacheError({ reason: "Full", what: "blob" }),
    "a store that may not be written": new CacheError({ reason: "Denied", what: "blob" }),
    "an input that is gone": new CacheError({ reason: "Missing", what: "blob" }),
    "the stage's own failure": ended({ _tag: "Failed", reason: "Diverged", message: "the loss grew" }),
  }
  for (const [what, end] of Object.entries(failures)) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const { exit, tries, events } = yield* tried(2, [end, made])
        assert.deepStrictEqual([exit, tries, events], ["result" in end ? Exit.succeed(end) : Exit.fail(end), [0], []])
      }),
    )
  }
})
