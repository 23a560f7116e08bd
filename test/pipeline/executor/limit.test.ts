// How much memory a job may hold, and which jobs share the machine.
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { memoryOf } from "../../../pipeline/executor/limit.ts"
import { jobOf, runJob } from "../../support/job.ts"
import { large, talkative } from "../../support/stages.ts"
import { begun, pid, poolOf, until, workers } from "../../support/workers.ts"

const holding = (bytes: number, limit: number | null) => runJob(jobOf(large, { bytes }, { memory: limit }))
const needing = (memory: number | null) => runJob(jobOf(talkative, {}, { memory }))

layer(poolOf(1, { memory: 5e8 }), { excludeTestServices: true })("a limit of memory", (it) => {
  it.effect("stops a body that holds more, saying whose it was and what to raise", () =>
    Effect.gen(function* () {
      const first = yield* pid
      const error = yield* Effect.flip(holding(6e8, null))
      assert.strictEqual(error.reason, "OutOfMemory")
      assert.match(
        "message" in error ? error.message : "",
        new RegExp(
          String.raw`^large/test used \d+\.\d MB of memory, more than its limit of 500\.0 MB, and was stopped\. ` +
            "Raise the memory in the resources of its stage, or --memory",
        ),
      )
      yield* until(() => !workers().includes(first))
    }),
  )

  it.effect("is the one that the stage declares, if it does, and is not used up by the jobs before", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* holding(6e8, 2e9)).result._tag, "Made")
      const [crowded] = workers()
      assert.isAbove(memoryOf(crowded!), 5e8)
      assert.strictEqual((yield* needing(5e8)).result._tag, "Made")
      assert.notInclude(workers(), crowded)
    }),
  )
})

layer(poolOf(2, { shared: 1e9 }), { excludeTestServices: true })("jobs that declare their memory", (it) => {
  it.effect("start together only if the machine has room for both", () =>
    Effect.gen(function* () {
      const first = yield* begun("wait", { memory: 6e8 })
      yield* needing(4e8)
      yield* needing(null)
      assert.isTrue(Option.isNone(yield* Effect.timeoutOption(needing(5e8), "300 millis"))) // though a process is free
      yield* Fiber.interrupt(first)
      yield* needing(5e8)
    }),
  )

  it.effect("run alone where they need more than there is", () => needing(5e9))
})
