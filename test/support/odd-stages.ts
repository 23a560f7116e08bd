// Real stages for workers to load, whose bodies throw, give and leave behind what nobody expects.
import { Effect, Schema } from "effect"
import { Json, stage } from "../../pipeline/stage.ts"

const params = Schema.Struct({ by: Schema.String })

/** Throws something that is no plain error. */
export const throwing = stage(import.meta, "throwing", {
  params,
  inputs: {},
  outputs: { v: Json },
  run: async () => ({
    run: ({ params: { by } }) =>
      Effect.sync(() => {
        const error = new Error("x")
        const other = new RangeError("y", { cause: error })
        const thrown: { readonly [by: string]: unknown } = {
          "its own cause": Object.assign(error, { cause: error }),
          "a circle of causes": Object.assign(error, { cause: other }),
          "a message that throws": Object.defineProperty(new Error("x"), "message", { get: () => throws(error) }),
          "a name that throws": Object.defineProperty(new Error("x"), "name", { get: () => throws(error) }),
          "a cause that throws": Object.defineProperty(new Error("x"), "cause", { get: () => throws(error) }),
          "a stack that throws": Object.defineProperty(new Error("x"), "stack", { get: () => throws(error) }),
          "a message that is none": Object.assign(new Error("x"), { message: { odd: 1 } }),
          "a message that has no text": Object.assign(new Error("x"), { message: Object.create(null) as unknown }),
          "a record": { odd: 1 },
          "a list": [1, { odd: [] }],
          nothing: undefined,
          null: null,
          "a number": 5,
          "a symbol": Symbol("x"),
          "a function": throws,
          "an imitated failure": { _tag: "StageError", reason: "Odd", message: 5 },
          "a proxy": new Proxy(
            {},
            { get: () => throws(error), has: () => throws(error), getPrototypeOf: () => throws(error) },
          ),
        }
        throw thrown[by]
      }),
  }),
})

const rejected = (): void => void Promise.reject(new Error("x"))

const throws = (error: unknown): never => {
  throw error
}

/** Lets go of a promise that fails, in the turn in which it ends. */
export const letting = stage(import.meta, "letting", {
  params,
  inputs: {},
  outputs: { v: Json },
  run: async () => ({
    run: ({ params: { by } }) => {
      const ends: { readonly [by: string]: () => Effect.Effect<{ readonly v: unknown }> } = {
        promise: () =>
          Effect.promise(async () => {
            void (async () => {
              throw new Error("x")
            })()
            return { v: 1 }
          }),
        sync: () =>
          Effect.sync(() => {
            rejected()
            return { v: 1 }
          }),
        "in the run": () => {
          rejected()
          return Effect.succeed({ v: 1 })
        },
        "after a tick": () =>
          Effect.promise(async () => {
            process.nextTick(rejected)
            return { v: 1 }
          }),
        "after many turns": () =>
          Effect.promise(async () => {
            void (async () => {
              for (let i = 0; i < 100; i++) await undefined
              throw new Error("x")
            })()
            return { v: 1 }
          }),
        "in a microtask": () =>
          Effect.sync(() => {
            queueMicrotask(() => throws(new Error("x")))
            return { v: 1 }
          }),
        waited: () =>
          Effect.promise(async () => {
            const failed = Promise.reject(new Error("x"))
            await undefined
            failed.catch(() => {})
            return { v: 1 }
          }),
      }
      return ends[by]!()
    },
  }),
})

/** Gives something else than a record of its outputs, or than an Effect. */
export const giving = stage(import.meta, "giving", {
  params,
  inputs: {},
  outputs: { v: Json },
  run: (() => {
    const given: { readonly [by: string]: unknown } = {
      "an undeclared output": Effect.succeed({ v: 1, w: 2 }),
      "another output": Effect.succeed({ w: 2 }),
      "no output": Effect.succeed({}),
      undefined: Effect.succeed(undefined),
      null: Effect.succeed(null),
      five: Effect.succeed(5),
      "a list": Effect.succeed([1]),
      "a Map": Effect.succeed(new Map([["v", 1]])),
      "a getter": Effect.succeed(Object.defineProperty({}, "v", { get: () => 1, enumerable: true })),
      "a bare five": 5,
      "a bare record": { v: 1 },
      "a promise": Promise.resolve({ v: 1 }),
      nothing: undefined,
    }
    return async () => ({ run: ({ params: { by } }: { readonly params: { readonly by: string } }) => given[by] })
  })() as never,
})

/** Loads a module in which there is no body. */
export const bodiless = stage(import.meta, "bodiless", {
  params,
  inputs: {},
  outputs: { v: Json },
  run: (async () => ({ body: 1 })) as never,
})
