// One key, one result: what a package or a spec finds in the process of the command line is not what a node finds
// there.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { EventEmitter } from "node:events"
import { inspect } from "node:util"
import { memoryLayer } from "../../../cache/memory.ts"
import { inline } from "../../../pipeline/executor/inline.ts"
import { ownVariables } from "../../../pipeline/world/environment.ts"
import { jobOf, runJob, valuesOf } from "../../support/job.ts"
import { environment, talkative, untidy } from "../../support/stages.ts"
import { poolOf, untidyJob } from "../../support/workers.ts"

const here = inline.pipe(Layer.provideMerge(memoryLayer))

/** Does something to this process while a test runs. */
const during = <A, E, R>(change: () => () => void, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(change),
    () => work,
    (undo) => Effect.sync(undo),
  )

const told = Effect.gen(function* () {
  const variables = yield* valuesOf(untidy, yield* runJob(untidyJob("variables")))
  const words = yield* valuesOf(untidy, yield* runJob(untidyJob("commandLine")))
  const zone = yield* valuesOf(environment, yield* runJob(jobOf(environment, {}, { environment: { DECLARED: "yes" } })))
  return { variables, words, zone }
})

/** Sets variables of this process; gives what puts them back. */
const setVariables = (): (() => void) => {
  const before = { ...process.env }
  Object.assign(process.env, { NODE_ENV: "production", TZ: "Asia/Tokyo", NO_COLOR: "1" })
  return () => {
    for (const name of ["NODE_ENV", "TZ", "NO_COLOR"]) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}

describe("a node in this process", () => {
  it.live("finds the variables, arguments and time zone of a worker, whatever this process has", () =>
    Effect.gen(function* () {
      const mine = yield* during(
        setVariables,
        Effect.gen(function* () {
          const found = yield* Effect.provide(told, here)
          assert.strictEqual(process.env["NODE_ENV"], "production")
          assert.strictEqual(ownVariables()["TZ"], "Asia/Tokyo")
          return found
        }),
      )
      assert.deepStrictEqual(mine, yield* Effect.provide(told, poolOf(1)))
    }),
  )

  const changes: { readonly [what: string]: () => () => void } = {
    "util.inspect.defaultOptions.depth": () => {
      const { depth } = inspect.defaultOptions
      inspect.defaultOptions = { depth: 0 }
      return () => {
        inspect.defaultOptions = { depth: depth! }
      }
    },
    "events.defaultMaxListeners": () => {
      const { defaultMaxListeners } = EventEmitter
      EventEmitter.defaultMaxListeners = 99
      return () => {
        EventEmitter.defaultMaxListeners = defaultMaxListeners
      }
    },
    "Array.prototype.viaAlias": () => {
      Object.assign(Array.prototype, { viaAlias: 1 })
      return () => Reflect.deleteProperty(Array.prototype, "viaAlias")
    },
    "Error.stackTraceLimit": () => {
      const { stackTraceLimit } = Error
      Error.stackTraceLimit = 77
      return () => {
        Error.stackTraceLimit = stackTraceLimit
      }
    },
  }
  for (const [what, change] of Object.entries(changes)) {
    it.live(`is not run where a spec changed ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(during(change, runJob(jobOf(talkative))))
        assert.strictEqual(
          error._tag === "ExecutorError" && error.message,
          `The spec, or a package that it loads, changed ${what} in this process, so results could differ from the ` +
            "results of workers. Remove that change from the spec, or leave out --executor inline.",
        )
      }).pipe(Effect.provide(here)),
    )
  }

  it.live("fails by name where it changed what all share, and the next ones find it as it was", () =>
    Effect.gen(function* () {
      for (const [does, what] of [
        ["listed", "untidy.list.length"],
        ["patched", "Array.prototype.last"],
        ["variable", "process.env"],
      ] as const) {
        const { result } = yield* runJob(untidyJob(does))
        assert.include(result._tag === "Failed" ? result.message : "", `The stage untidy changed ${what}, which all`)
        assert.strictEqual((yield* runJob(untidyJob("variables"))).result._tag, "Made")
      }
    }).pipe(Effect.provide(here)),
  )

  it.live("that changed what cannot be put back is the last, and the others say whose fault that is", () =>
    Effect.gen(function* () {
      const { result } = yield* runJob(untidyJob("sealed"))
      assert.strictEqual(result._tag, "Failed")
      const error = yield* Effect.flip(runJob(jobOf(talkative)))
      assert.strictEqual(
        error._tag === "ExecutorError" && error.message,
        "untidy/test changed untidy.sealable, which can take no more members, in this process. The change cannot be " +
          "undone, so no more nodes run in this process. Leave out --executor inline: a worker process is replaced.",
      )
    }).pipe(Effect.provide(here)),
  )
})
