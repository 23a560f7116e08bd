// Real stages for workers to load: one that does everything right, and one for each way to do wrong.
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { Clock, Config, Effect, Random, Schema } from "effect"
import { Bytes, Json, many, Progress, stage, StageError, Table, Tensors } from "../../pipeline/stage.ts"

const none = Schema.Struct({})

/** Takes and gives every kind; its values tell what it was given. */
export const everything = stage(import.meta, "everything", {
  params: Schema.Struct({ scale: Schema.Number, when: Schema.DateFromString }),
  inputs: { tensors: Tensors, table: Table, json: Json, bytes: Bytes, lists: many(Json) },
  outputs: { tensors: Tensors, table: Table, json: Json, bytes: Bytes },
  random: true,
  run: async () => ({
    run: ({ params, inputs, seed }) =>
      Effect.succeed({
        tensors: Object.fromEntries(Object.entries(inputs.tensors).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data, (x) => x * params.scale) }])),
        table: { rows: [Object.values(inputs.table)[0]!.length], scale: [params.scale], year: [params.when.getUTCFullYear()], seed: [seed] },
        json: { json: inputs.json, lists: inputs.lists },
        bytes: inputs.bytes.toReversed(),
      }),
  }),
})

/** Logs at two levels and tells how far it is. */
export const talkative = stage(import.meta, "talkative", {
  params: none,
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: () =>
      Effect.gen(function* () {
        const progress = yield* Progress
        yield* Effect.log("half", "way")
        progress(0.5)
        yield* Effect.logWarning("nearly")
        progress(1)
        return { value: 1 }
      }),
  }),
})

/** What a stage must not ask for, and what it may. */
export const asking = stage(import.meta, "asking", {
  params: Schema.Struct({ for: Schema.Literals(["time", "nanoseconds", "sleep", "chance", "secret", "secret or default", "declared"]) }),
  inputs: {},
  outputs: { value: Json },
  environment: ["DECLARED"],
  run: async () => ({
    run: ({ params }) => {
      const value: { readonly [what: string]: Effect.Effect<unknown, Config.ConfigError> } = {
        time: Clock.currentTimeMillis,
        nanoseconds: Effect.map(Clock.currentTimeNanos, String),
        sleep: Effect.sleep("1 second"),
        chance: Random.next,
        secret: Config.String("SECRET"),
        "secret or default": Config.withDefault(Config.String("SECRET"), "default"),
        declared: Config.String("DECLARED"),
      }
      return Effect.map(Effect.orDie(value[params.for]!), (value) => ({ value }))
    },
  }),
})

/** The environment of the process it runs in. */
export const environment = stage(import.meta, "environment", {
  params: none,
  inputs: {},
  outputs: { variables: Json, zone: Json },
  run: async () => ({
    run: () =>
      Effect.sync(() => {
        const { LD_LIBRARY_PATH: _, ...variables } = process.env // where native packages need it
        return { variables, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
      }),
  }),
})

const beside = new URL("../../CHANGELOG.md", import.meta.url)

/** What is out of a worker's reach, since its key does not see it; and a file of data that it sees. */
export const reaching = stage(import.meta, "reaching", {
  params: Schema.Struct({ for: Schema.Literals(["file", "file, wrapped", "imported", "writing", "process"]) }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params }) => {
      const value: { readonly [what: string]: Effect.Effect<unknown, unknown> } = {
        file: Effect.sync(() => readFileSync(beside, "utf8")),
        "file, wrapped": Effect.try(() => readFileSync(beside, "utf8")),
        imported: Effect.promise(() => import("../../tsconfig.json", { with: { type: "json" } }).then((json) => json.default.include.length > 0)),
        writing: Effect.sync(() => writeFileSync(join(tmpdir(), "left-behind"), "")),
        process: Effect.sync(() => spawnSync("true").status),
      }
      return Effect.map(Effect.orDie(value[params.for]!), (value) => ({ value }))
    },
  }),
})

/** The process it runs in. */
export const identity = stage(import.meta, "identity", {
  params: none,
  inputs: {},
  outputs: { pid: Json },
  run: async () => ({ run: () => Effect.sync(() => ({ pid: process.pid })) }),
})

/** Holds so many bytes for a while, and leaves them behind. */
export const large = stage(import.meta, "large", {
  params: Schema.Struct({ bytes: Schema.Int }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params }) =>
      Effect.promise(async () => {
        left = new Uint8Array(params.bytes).fill(1)
        await new Promise((resolve) => { setTimeout(resolve, 300) })
        return { value: left.length }
      }),
  }),
})
let left: Uint8Array

/** Every way to come to a bad end. */
export const failing = stage(import.meta, "failing", {
  params: Schema.Struct({ by: Schema.Literals(["reason", "throw", "die", "text", "promise", "interrupt", "missing output", "wrong output"]) }),
  inputs: {},
  outputs: { first: Json, second: Tensors },
  run: async () => ({
    run: ({ params: { by } }) => {
      if (by === "throw") throw new RangeError("out of range")
      const ends: { readonly [by: string]: Effect.Effect<never, StageError> } = {
        reason: Effect.fail(new StageError({ reason: "Diverged", message: "the loss grew" })),
        die: Effect.die(new Error("a bug")),
        text: Effect.die("only a text"),
        promise: Effect.promise(() => Promise.reject(new Error("rejected"))),
        interrupt: Effect.interrupt,
      }
      const outputs: { readonly [by: string]: object } = {
        "missing output": { first: 1 },
        "wrong output": { first: 1, second: { w: { shape: [2], data: Float32Array.of(1) } } },
      }
      return ends[by] ?? Effect.succeed(outputs[by] as never)
    },
  }),
})

// A body cannot start a process, but native code can; here a thread does, which asked for flags of its own.
const offspring = "require('node:child_process').spawn('sleep', ['600'])"

/** What kills a process, or keeps it for ever; it tells a progress once it is about to. */
export const fatal = stage(import.meta, "fatal", {
  params: Schema.Struct({ by: Schema.Literals(["spin", "exit", "memory", "kill", "wait", "offspring"]) }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params: { by } }) =>
      Effect.gen(function* () {
        ;(yield* Progress)(0.5)
        yield* Effect.promise(() => new Promise((resolve) => { setImmediate(resolve) }))
        if (by === "wait") return yield* Effect.never
        if (by === "exit") process.exit(3)
        if (by === "kill") process.kill(process.pid, "SIGKILL")
        if (by === "offspring") new Worker(offspring, { eval: true, execArgv: [] }).unref()
        const hoard: Array<ReadonlyArray<number>> = []
        for (;;) if (by === "memory") hoard.push(Array.from({ length: 10_000 }, Math.random))
      }),
  }),
})
