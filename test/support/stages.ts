// Real stages for workers to load: one that does everything right, and one for each way to do wrong.
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { Clock, Config, Effect, Random, Schema } from "effect"
import { Bytes, Json, kept, many, Progress, stage, StageError, Table, Tensors } from "../../pipeline/stage.ts"

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
        tensors: Object.fromEntries(
          Object.entries(inputs.tensors).map(([name, { shape, data }]) => [
            name,
            { shape, data: Float64Array.from(data, (x) => x * params.scale) },
          ]),
        ),
        table: {
          rows: [Object.values(inputs.table)[0]!.length],
          scale: [params.scale],
          year: [params.when.getUTCFullYear()],
          seed: [seed],
        },
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
  params: Schema.Struct({
    for: Schema.Literals(["time", "nanoseconds", "sleep", "chance", "secret", "secret or default", "declared"]),
  }),
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

/** The variables that it finds, and the time zone and language. */
export const environment = stage(import.meta, "environment", {
  params: none,
  inputs: {},
  outputs: { variables: Json, zone: Json },
  environment: ["DECLARED", "UNSET"],
  run: async () => ({
    run: () =>
      Effect.sync(() => {
        const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions()
        return { variables: { ...process.env }, zone: [timeZone, locale, new Date(0).getTimezoneOffset()] }
      }),
  }),
})

/** What is out of a worker's reach, since its key does not see it; and a file of data that it sees. */
export const reaching = stage(import.meta, "reaching", {
  params: Schema.Struct({ for: Schema.Literals(["file", "file, wrapped", "imported", "writing", "process"]) }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params }) => {
      const value: { readonly [what: string]: Effect.Effect<unknown, unknown> } = {
        file: Effect.sync(() => readFileSync("CHANGELOG.md", "utf8")),
        "file, wrapped": Effect.try(() => readFileSync("CHANGELOG.md", "utf8")),
        imported: Effect.promise(() =>
          import("../../tsconfig.json", { with: { type: "json" } }).then((json) => json.default.include.length > 0),
        ),
        writing: Effect.sync(() => writeFileSync("left-behind", "")),
        process: Effect.sync(() => spawnSync("true").status),
      }
      return Effect.map(Effect.orDie(value[params.for]!), (value) => ({ value }))
    },
  }),
})

/** Holds so many bytes for a while, and keeps them for the next one. */
export const large = stage(import.meta, "large", {
  params: Schema.Struct({ bytes: Schema.Int }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params }) =>
      Effect.promise(async () => {
        const { length } = kept("bytes", String(params.bytes), () => new Uint8Array(params.bytes).fill(1))
        for (let i = 0; i < 40; i++)
          await new Promise((resolve) => {
            setImmediate(() => {
              spend()
              resolve(undefined)
            })
          })
        return { value: length }
      }),
  }),
})

// A few milliseconds.
const spend = (): number => Array.from({ length: 100_000 }, (_, i) => Math.sqrt(i)).length

/** Every way to come to a bad end. */
export const failing = stage(import.meta, "failing", {
  params: Schema.Struct({
    by: Schema.Literals([
      "reason",
      "throw",
      "die",
      "text",
      "thing",
      "promise",
      "interrupt",
      "missing output",
      "wrong output",
    ]),
  }),
  inputs: {},
  outputs: { first: Json, second: Tensors },
  run: async () => ({
    run: ({ params: { by } }) => {
      if (by === "throw") throw new RangeError("out of range")
      const ends: { readonly [by: string]: Effect.Effect<never, StageError> } = {
        reason: Effect.fail(new StageError({ reason: "Diverged", message: "the loss grew" })),
        die: Effect.die(new Error("a bug")),
        text: Effect.die("only a text"),
        thing: Effect.die({ code: 3 }),
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

/** What kills a process, or keeps it for ever; it tells a progress once it is about to. */
export const fatal = stage(import.meta, "fatal", {
  params: Schema.Struct({ by: Schema.Literals(["spin", "memory", "wait"]) }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params: { by } }) =>
      Effect.gen(function* () {
        ;(yield* Progress)(0.5)
        yield* Effect.promise(
          () =>
            new Promise((resolve) => {
              setImmediate(resolve)
            }),
        )
        if (by === "wait") return yield* Effect.never
        const hoard: Array<ReadonlyArray<number>> = []
        for (;;) if (by === "memory") hoard.push(Array.from({ length: 10_000 }, () => Math.PI))
      }),
  }),
})

/** Has the package `untidy` do what no stage can; it tells a progress once the package is about to. */
export const untidy = stage(import.meta, "untidy", {
  params: Schema.Struct({ does: Schema.String }),
  inputs: {},
  outputs: { value: Json },
  run: async () => ({
    run: ({ params: { does } }) =>
      Effect.gen(function* () {
        // @ts-expect-error: it is in the project of a test
        const all = (yield* Effect.promise(() => import("untidy"))) as { readonly [does: string]: () => unknown }
        ;(yield* Progress)(0.5)
        yield* Effect.promise(
          () =>
            new Promise((resolve) => {
              setImmediate(resolve)
            }),
        )
        return { value: yield* Effect.promise(async () => (await all[does]!()) ?? null) }
      }),
  }),
})
