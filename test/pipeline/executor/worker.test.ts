// What a worker does with a job: values in and out, a closed world in between, and every bad end said well.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { memoryLayer } from "../../../cache/memory.ts"
import { Store } from "../../../cache/store.ts"
import type { Job } from "../../../pipeline/executor/executor.ts"
import { jobOf, logOf, nowhere, performJob, stored, valuesOf } from "../../support/job.ts"
import { asking, everything, failing, fatal, talkative } from "../../support/stages.ts"

const end = (params: { readonly by: string }) => performJob(jobOf(failing, params))
const asked = (what: string, environment: Job["environment"] = {}) =>
  performJob(jobOf(asking, { for: what }, { environment }))

describe("perform", () => {
  it.live("decodes every kind of input, and encodes every kind of output", () =>
    Effect.gen(function* () {
      const inputs = {
        tensors: yield* stored("tensors", { x: { shape: [2], data: Float32Array.of(1, 2) } }),
        table: yield* stored("table", { a: [1, 2, 3] }),
        json: yield* stored("json", { deep: [null] }),
        bytes: yield* stored("bytes", Uint8Array.of(1, 2)),
        lists: [yield* stored("json", "first"), yield* stored("json", "second")],
      }
      const job = jobOf(everything, { scale: 2, when: "2020-05-06T00:00:00.000Z" }, { inputs, seed: 7 })
      const ended = yield* performJob(job)
      assert.deepStrictEqual(yield* valuesOf(everything, ended), {
        tensors: { x: { shape: [2], data: Float64Array.of(2, 4) } },
        table: { rows: [3], scale: [2], year: [2020], seed: [7] },
        json: { json: { deep: [null] }, lists: ["first", "second"] },
        bytes: Uint8Array.of(2, 1),
      })
      assert.deepStrictEqual(ended.result._tag === "Made" ? ended.result.outputs.map(({ name }) => name) : [], [
        "tensors",
        "table",
        "json",
        "bytes",
      ])
      assert.isAbove(ended.peakMemory, 1e6)
      assert.isAtLeast(ended.seconds, 0)
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("hands log lines to the log, and progress to who listens", () =>
    Effect.gen(function* () {
      const heard: Array<number> = []
      const ended = yield* performJob(jobOf(talkative), (fraction) => heard.push(fraction))
      assert.deepStrictEqual(heard, [0.5, 1])
      assert.strictEqual(yield* logOf(ended), "INFO half way\nWARN nearly\n")
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("is interrupted while a body waits", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(performJob(jobOf(fatal, { by: "wait" })))
      yield* Effect.sleep("50 millis")
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("names the input that is not in the store, which is no fault of the stage", () =>
    Effect.gen(function* () {
      const inputs = { tensors: nowhere, table: nowhere, json: nowhere, bytes: nowhere, lists: [] }
      const error = yield* Effect.flip(
        performJob(jobOf(everything, { scale: 1, when: "2020-05-06T00:00:00.000Z" }, { inputs })),
      )
      assert.deepStrictEqual([error._tag, error.reason, error.what], ["CacheError", "Missing", nowhere])
    }).pipe(Effect.provide(memoryLayer)),
  )
})

describe("a body that asks its world", () => {
  const refusals = {
    time: /the time/,
    nanoseconds: /the time/,
    sleep: /the time/,
    chance: /random numbers/,
    secret: /SECRET/,
  }
  for (const [what, words] of Object.entries(refusals)) {
    it.live(`for ${what} is refused, naming the stage`, () =>
      Effect.gen(function* () {
        const { result } = yield* asked(what)
        if (result._tag !== "Failed") return assert.fail("it was let")
        assert.strictEqual(result.reason, "Defect")
        assert.match(result.message, words)
        assert.match(result.message, /^The stage asking /)
      }).pipe(Effect.provide(memoryLayer)),
    )
  }

  it.live("for an undeclared variable is refused even where it has a default, and where the process has it", () =>
    Effect.gen(function* () {
      process.env["SECRET"] = "known to the process"
      const { result } = yield* asked("secret or default").pipe(
        Effect.ensuring(Effect.sync(() => delete process.env["SECRET"])),
      )
      assert.match(
        result._tag === "Failed" ? result.message : "it was let",
        /^The stage asking reads the environment variable SECRET, which it does not declare/,
      )
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("for a variable it declared is given that of its job", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* valuesOf(asking, yield* asked("declared", { DECLARED: "yes" })), { value: "yes" })
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("for a variable it declared that is not set finds none", () =>
    Effect.gen(function* () {
      const { result } = yield* asked("declared", { DECLARED: null })
      assert.notMatch(result._tag === "Failed" ? result.message : "it was let", /it was let|does not declare/)
    }).pipe(Effect.provide(memoryLayer)),
  )
})

describe("a body that fails", () => {
  const ends = {
    reason: ["Diverged", "the loss grew"],
    throw: ["Defect", "RangeError: out of range"],
    die: ["Defect", "Error: a bug"],
    text: ["Defect", "only a text"],
    thing: ["Defect", "{ code: 3 }"],
    promise: ["Defect", "Error: rejected"],
    interrupt: ["Defect", "failing interrupted itself"],
    "missing output": ["Defect", "failing declares the output second (tensors): it was not given"],
    "wrong output": [
      "Defect",
      "failing declares the output second (tensors): w has 1 numbers, but its shape [2] needs 2",
    ],
  }
  for (const [by, expected] of Object.entries(ends)) {
    it.live(`by ${by} ends as ${expected[0]}, with its message`, () =>
      Effect.gen(function* () {
        const { result } = yield* Effect.timeout(end({ by }), "5 seconds")
        assert.deepStrictEqual(result._tag === "Failed" ? [result.reason, result.message] : [], expected)
      }).pipe(Effect.provide(memoryLayer)),
    )
  }

  it.live("leaves its stack in the log, and not in the message", () =>
    Effect.gen(function* () {
      const ended = yield* end({ by: "throw" })
      const log = yield* logOf(ended)
      assert.match(log, /RangeError: out of range\n\s+at .*test\/support\/stages\.ts:\d+:\d+/)
    }).pipe(Effect.provide(memoryLayer)),
  )

  it.live("stores nothing but its log", () =>
    Effect.gen(function* () {
      const puts: Array<number> = []
      const store = yield* Store
      const counting = Store.of({
        ...store,
        put: (bytes) => Effect.suspend(() => (puts.push(bytes.length), store.put(bytes))),
      })
      yield* end({ by: "die" }).pipe(Effect.provideService(Store, counting))
      assert.strictEqual(puts.length, 4) // with code and packages, which are there before
    }).pipe(Effect.provide(memoryLayer)),
  )
})
