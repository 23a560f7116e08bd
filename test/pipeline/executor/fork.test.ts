// A worker process: what it finds around it, and that nothing of it is left.
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { directoryOf } from "../../support/directory.ts"
import { jobOf, runJob, valuesOf } from "../../support/job.ts"
import { environment, untidy } from "../../support/stages.ts"
import { beginning, membersOf, pid, poolOf, until, untidyJob, workers } from "../../support/workers.ts"

/** A program whose worker spins, and which says so. */
const spinning = `
  import { Effect } from "@/node_modules/effect/dist/index.js"
  import { diskLayer } from "@/cache/disk.ts"
  import { pool } from "@/pipeline/executor/pool.ts"
  import { jobOf, runJob } from "@/test/support/job.ts"
  import { fatal } from "@/test/support/stages.ts"
  const run = runJob(jobOf(fatal, { by: "spin" }), () => console.log("spinning"))
  const store = process.argv[2] + "/store"
  const workers = pool({ size: 1, store, memory: null, shared: 1e9 })
  await Effect.runPromise(run.pipe(Effect.provide(workers), Effect.provide(diskLayer(store))))
`

layer(poolOf(1), { excludeTestServices: true })("a worker process", (it) => {
  it.effect("shows a body what it declared, a package nothing, and the same time zone and language everywhere", () =>
    Effect.gen(function* () {
      const before = process.env
      process.env = { ...before, SECRET: "known to the parent", TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8" }
      const ended = yield* Effect.gen(function* () {
        const body = yield* runJob(jobOf(environment, {}, { environment: { DECLARED: "yes", UNSET: null } }))
        return { body, packages: yield* runJob(untidyJob("variables")) }
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            process.env = before
          }),
        ),
      )
      assert.deepStrictEqual(yield* valuesOf(environment, ended.body), {
        variables: { DECLARED: "yes" },
        zone: ["UTC", "en-US", 0],
      })
      const { LD_LIBRARY_PATH: _, ...variables } = (yield* valuesOf(untidy, ended.packages))["value"] as {
        readonly [name: string]: string
      }
      assert.deepStrictEqual(variables, { LC_ALL: "C", ORT_DISABLE_TELEMETRY: "1", TZ: "UTC" })
    }),
  )

  it.effect("ends with all that it started", () =>
    Effect.gen(function* () {
      const group = yield* pid
      const fiber = yield* beginning(untidyJob("offspring"))
      yield* until(() => membersOf(group).length === 2)
      yield* Fiber.interrupt(fiber)
      yield* until(() => membersOf(group).length === 0)
    }),
  )

  it.effect("ends within a second of a parent that was killed, though its body computes without pause", () =>
    Effect.gen(function* () {
      const directory = directoryOf({ "spinning.mjs": spinning })
      const parent = spawn(process.execPath, [join(directory, "spinning.mjs"), directory], {
        stdio: ["ignore", "pipe", "inherit"],
      })
      yield* Effect.promise(() => once(parent.stdout, "data"))
      const [worker] = workers(parent.pid)
      assert.isAbove(membersOf(worker!).length, 0)
      parent.kill("SIGKILL")
      yield* until(() => membersOf(worker!).length === 0, 1)
    }),
  )

  it.effect("ends with all that it started when its time is over", () =>
    Effect.gen(function* () {
      const group = yield* pid
      const fiber = yield* beginning(untidyJob("offspring", { timeout: 1.5 }))
      yield* until(() => membersOf(group).length === 2)
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber))).reason, "TimedOut")
      yield* until(() => membersOf(group).length === 0)
    }),
  )

  it.effect("takes with it what it started when it ends by itself", () =>
    Effect.gen(function* () {
      const group = yield* pid
      const fiber = yield* beginning(untidyJob("offspring"))
      yield* until(() => membersOf(group).length === 2)
      process.kill(group, "SIGKILL")
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber))).reason, "WorkerLost")
      yield* until(() => membersOf(group).length === 0)
    }),
  )
})
