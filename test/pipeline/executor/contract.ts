// What does every executor promise? One suite, run over each; a new executor is done when it is green.
import { assert, layer as sharing } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { digestOf } from "../../../cache/digest.ts"
import { Store, type CacheError } from "../../../cache/store.ts"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { Executor } from "../../../pipeline/executor/executor.ts"
import { jobOf, logOf, nowhere, runJob, stored, valuesOf } from "../../support/job.ts"
import { asking, everything, failing, fatal, talkative } from "../../support/stages.ts"

const inputs = Effect.all({
  tensors: stored("tensors", { x: { shape: [2], data: Float64Array.of(1, -2) } }),
  table: stored("table", { a: [1, 2, 3] }),
  json: stored("json", "ü"),
  bytes: stored("bytes", Uint8Array.of(1, 2)),
  lists: Effect.all([stored("json", 1), stored("json", 2)]),
})

/** The suite over an executor and the store it shares with the tests, which share both: processes are slow to start. */
export const suite = (name: string, layer: Layer.Layer<Store | Executor, CacheError>): void => {
  sharing(layer, { excludeTestServices: true })(name, (it) => {
    it.effect("gives the digests of what the stage made, in the order declared", () =>
      Effect.gen(function* () {
        const { result } = yield* runJob(
          jobOf(
            everything,
            { scale: 2, when: "2020-05-06T00:00:00.000Z" },
            { inputs: yield* inputs, seed: 2 ** 48 - 1 },
          ),
        )
        const expected = {
          tensors: codecs.tensors.encode({ x: { shape: [2], data: Float64Array.of(2, -4) } }),
          table: codecs.table.encode({ rows: [3], scale: [2], year: [2020], seed: [2 ** 48 - 1] }),
          json: codecs.json.encode({ json: "ü", lists: [1, 2] }),
          bytes: Uint8Array.of(2, 1),
        }
        assert.deepStrictEqual(result, {
          _tag: "Made",
          outputs: Object.entries(expected).map(([name, bytes]) => ({
            name,
            digest: digestOf(bytes),
            size: bytes.length,
          })),
        })
      }),
    )

    for (const scale of [Infinity, -Infinity, -0]) {
      it.effect(`hands the param ${Object.is(scale, -0) ? "-0" : scale} to the stage as it is`, () =>
        Effect.gen(function* () {
          const ended = yield* runJob(
            jobOf(everything, { scale, when: "2020-05-06T00:00:00.000Z" }, { inputs: yield* inputs }),
          )
          const { table } = (yield* valuesOf(everything, ended)) as {
            readonly table: { readonly scale: ReadonlyArray<number> }
          }
          assert.isTrue(Object.is(table.scale[0], scale))
        }),
      )
    }

    it.effect("gives a stage's own failure as an ending, with its log", () =>
      Effect.gen(function* () {
        const ended = yield* runJob(jobOf(failing, { by: "reason" }))
        assert.deepStrictEqual(ended.result, { _tag: "Failed", reason: "Diverged", message: "the loss grew" })
        assert.match(yield* logOf(ended), /the loss grew/)
      }),
    )

    for (const by of ["throw", "interrupt", "missing output"]) {
      it.effect(`gives a bug of a body (${by}) as an ending`, () =>
        Effect.gen(function* () {
          const { result } = yield* runJob(jobOf(failing, { by }))
          assert.strictEqual(result._tag === "Failed" && result.reason, "Defect")
        }),
      )
    }

    it.effect("fails with the store's error, naming what is missing", () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          runJob(
            jobOf(
              everything,
              { scale: 1, when: "2020-05-06T00:00:00.000Z" },
              { inputs: { ...(yield* inputs), bytes: nowhere } },
            ),
          ),
        )
        assert.deepStrictEqual(
          [error._tag, error.reason, error._tag === "CacheError" && error.what],
          ["CacheError", "Missing", nowhere],
        )
      }),
    )

    it.effect("tells progress while the stage runs, and keeps its log and costs", () =>
      Effect.gen(function* () {
        const heard: Array<number> = []
        const ended = yield* runJob(jobOf(talkative), (fraction) => heard.push(fraction))
        assert.deepStrictEqual(heard, [0.5, 1])
        assert.strictEqual(yield* logOf(ended), "INFO half way\nWARN nearly\n")
        assert.isTrue(ended.seconds >= 0 && ended.peakMemory > 1e6)
      }),
    )

    it.effect("hands over the declared environment", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(
          yield* valuesOf(
            asking,
            yield* runJob(jobOf(asking, { for: "declared" }, { environment: { DECLARED: "yes" } })),
          ),
          { value: "yes" },
        )
      }),
    )

    it.effect("runs more jobs than it has room for", () =>
      Effect.gen(function* () {
        const all = yield* Effect.forEach(Array.from({ length: 7 }), () => runJob(jobOf(talkative)), {
          concurrency: "unbounded",
        })
        assert.deepStrictEqual(
          all.map(({ result }) => result._tag),
          Array.from({ length: 7 }, () => "Made"),
        )
      }),
    )

    it.effect("stops a job after its time, saying whose it was", () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(runJob(jobOf(fatal, { by: "wait" }, { timeout: 0.2 })))
        assert.deepStrictEqual([error._tag, error.reason], ["ExecutorError", "TimedOut"])
        assert.match(error.message, /^fatal\/test took longer than 0\.2 s and was stopped\./)
      }),
    )
  })
}
