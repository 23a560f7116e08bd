// The pool keeps the executors' contract, and outlives whatever a body does to its process.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Executor } from "../../../pipeline/executor/executor.ts"
import { jobOf, runJob } from "../../support/job.ts"
import { fatal } from "../../support/stages.ts"
import { begun, pid, poolOf, until, untidyJob, workers } from "../../support/workers.ts"
import { suite } from "./contract.ts"

suite("the pool of processes", poolOf(2))

describe("the pool", () => {
  it.live("keeps a process between jobs, and starts none before it is needed", () =>
    Effect.gen(function* () {
      yield* until(() => workers().length === 0) // those of the tests before
      yield* Executor
      assert.deepStrictEqual(workers(), [])
      assert.strictEqual(yield* pid, yield* pid)
      assert.strictEqual(workers().length, 1)
    }).pipe(Effect.provide(poolOf(2))),
  )

  it.live("kills a body that spins once it is interrupted, and goes on with a new process", () =>
    Effect.gen(function* () {
      const fiber = yield* begun("spin")
      const spinning = workers()
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      yield* until(() => !workers().includes(spinning[0]!))
      assert.isBelow(performance.now() - started, 2000)
      assert.notStrictEqual(yield* pid, spinning[0])
    }).pipe(Effect.provide(poolOf(1))),
  )

  it.live("kills a body that spins longer than its time", () =>
    Effect.gen(function* () {
      const first = yield* pid
      const error = yield* Effect.flip(runJob(jobOf(fatal, { by: "spin" }, { timeout: 0.3 })))
      assert.strictEqual(error.reason, "TimedOut")
      yield* until(() => !workers().includes(first))
    }).pipe(Effect.provide(poolOf(1))),
  )

  const ends = {
    exit: ["WorkerLost", /^The worker of untidy\/test ended with status 3\./],
    kill: ["WorkerLost", /was ended by SIGKILL\. The system does this if memory runs out/],
  } as const
  for (const [by, [reason, words]] of Object.entries(ends)) {
    it.live(`says of a process lost by ${by} that it is ${reason}, and goes on with a new one`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(runJob(untidyJob(by)))
        assert.strictEqual(error.reason, reason)
        assert.match(error.message, words)
        assert.isNumber(yield* pid)
      }).pipe(Effect.provide(poolOf(1))),
    )
  }

  it.live("says of a process whose heap is full that it ran out of memory", () =>
    Effect.gen(function* () {
      // A worker has the heap of its parent: one that fills in a moment.
      const before = process.execArgv
      process.execArgv = [...before, "--max-old-space-size=64"]
      const error = yield* Effect.flip(runJob(jobOf(fatal, { by: "memory" }))).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            process.execArgv = before
          }),
        ),
      )
      assert.strictEqual(error.reason, "OutOfMemory")
      assert.match(error.message, /^The worker of fatal\/test ran out of memory\./)
      assert.isNumber(yield* pid)
    }).pipe(Effect.provide(poolOf(1))),
  )

  it.live("does without a process that died between two jobs", () =>
    Effect.gen(function* () {
      const first = yield* pid
      process.kill(first, "SIGKILL")
      yield* until(() => !workers().includes(first))
      yield* Effect.sleep("200 millis") // until we are told, too
      assert.notStrictEqual(yield* Effect.timeout(pid, "10 seconds"), first)
    }).pipe(Effect.provide(poolOf(1))),
  )

  it.live("leaves no process behind, neither idle nor interrupted", () =>
    Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const spinning = yield* begun("spin")
        yield* pid
        assert.strictEqual(workers().length, 2)
        yield* Fiber.interrupt(spinning)
      }).pipe(Effect.provide(poolOf(2)))
      yield* until(() => workers().length === 0)
    }),
  )

  it.live(
    "does not blame the next node for what a node that has ended throws late, and takes no notice of it twice",
    () =>
      Effect.gen(function* () {
        const first = yield* runJob(untidyJob("late"))
        assert.strictEqual(first.result._tag, "Made")
        for (let spoiled = false; !spoiled;) {
          const next = yield* runJob(untidyJob("variables"))
          assert.strictEqual(next.result._tag, "Made")
          spoiled = next.spoiled
        }
        assert.isFalse((yield* runJob(untidyJob("variables"))).spoiled)
      }).pipe(Effect.provide(poolOf(1))),
  )

  for (const [does, words] of Object.entries({ early: "Error: nobody waits for it", rejected: "Error: let go" })) {
    it.live(`fails the node in whose work something was thrown that nobody waits for (${does})`, () =>
      Effect.gen(function* () {
        const { result } = yield* Effect.timeout(runJob(untidyJob(does)), "10 seconds")
        assert.deepStrictEqual(result, { _tag: "Failed", reason: "Defect", message: words })
      }).pipe(Effect.provide(poolOf(1))),
    )
  }

  for (const [does, words] of Object.entries({
    patched: "Array.prototype.last",
    variable: "process.env",
    counted: "untidy.state.count",
  })) {
    it.live(`fails a node that changed what all nodes share (${words}), and goes on in a new process`, () =>
      Effect.gen(function* () {
        const first = yield* pid
        const { result } = yield* runJob(untidyJob(does))
        assert.include(
          result._tag === "Failed" ? result.message : "",
          `The stage untidy changed ${words}, which all nodes of a process share`,
        )
        assert.notStrictEqual(yield* pid, first)
      }).pipe(Effect.provide(poolOf(1))),
    )
  }

  it.live("fails a node whose package loads another that is not in the key", () =>
    Effect.gen(function* () {
      const { result } = yield* runJob(untidyJob("undeclared"))
      assert.match(
        result._tag === "Failed" ? result.message : "",
        /^The stage untidy imports .*elsewhere\/index\.js, which the bundler could not follow/,
      )
    }).pipe(Effect.provide(poolOf(1))),
  )

  it.live("says what a process wrote before it was lost", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(runJob(untidyJob("words")))
      assert.strictEqual(
        error._tag === "ExecutorError" && error.message,
        "The worker of untidy/test ended with status 7.\nlast words",
      )
    }).pipe(Effect.provide(poolOf(1))),
  )
})
