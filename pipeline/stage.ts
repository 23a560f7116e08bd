// The types and functions for writing a stage: Stage, the kinds of its inputs and outputs, Progress, StageError. Knows
// nothing of nodes, keys, stores and executors, because the code of this file is in every stage's fingerprint.
import { Context, type Effect, Schema } from "effect"

/** An array: row-major `data` of the given `shape`. */
export interface Tensor {
  readonly shape: ReadonlyArray<number>
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array
}
/** Named arrays. */
export interface Tensors {
  readonly [name: string]: Tensor
}
/** Named columns of equal length. */
export interface Table {
  readonly [column: string]: ReadonlyArray<number | string | boolean>
}

/** A kind of artifact; its codec is in `artifact/artifact.ts`. An input of a `Many` kind takes a list of outputs. */
export interface Kind<A, Many extends boolean = boolean> {
  readonly kind: "tensors" | "table" | "json" | "bytes"
  readonly many: Many
  readonly _Value?: (_: never) => A
}
export const Tensors: Kind<Tensors, false> = Object.freeze({ kind: "tensors", many: false })
export const Table: Kind<Table, false> = Object.freeze({ kind: "table", many: false })
export const Json: Kind<unknown, false> = Object.freeze({ kind: "json", many: false })
export const Bytes: Kind<Uint8Array, false> = Object.freeze({ kind: "bytes", many: false })
/** `many(Table)` is an input of any number of tables, in order. */
export const many = <A>(of: Kind<A, false>): Kind<ReadonlyArray<A>, true> =>
  Object.freeze({ kind: of.kind, many: true })

export interface Kinds {
  readonly [name: string]: Kind<unknown>
}
export type Value<K> = K extends Kind<infer A> ? A : never
export type Values<K extends Kinds> = { readonly [N in keyof K]: Value<K[N]> }

/**
 * Keeps a value in the process from one node to the next, only for speed: the result of `make`, under a name and a key.
 * The key must contain everything that the value depends on, except the code of the stage: a value is only found under
 * its own key.
 */
export const kept = <A>(name: string, key: string, make: () => A): A => {
  const { pipelineKept } = globalThis as { readonly pipelineKept?: (name: string, key: string, make: () => A) => A }
  return pipelineKept === undefined ? make() : pipelineKept(name, key, make)
}

/** Reports the progress of a stage, from 0 to 1. Does nothing unless the engine listens. */
export const Progress = Context.Reference<(fraction: number) => void>("pipeline/Progress", {
  defaultValue: () => () => {},
})

/** The reason why a stage could not give its outputs. */
export class StageError extends Schema.TaggedError<StageError>()("StageError", {
  /** `Defect` is a bug in the body, which the worker caught. */
  reason: Schema.Literals(["InvalidInput", "Diverged", "Unsupported", "Defect"]),
  message: Schema.String,
  /** The digest of the stage's log. The engine fills it in. */
  log: Schema.optionalKey(Schema.String),
}) {}

/** The arguments of a body: decoded params and inputs, and a seed (48 bits; 0 unless the stage is `random`). */
export interface Given<P, I> {
  readonly params: P
  readonly inputs: I
  readonly seed: number
}

export interface Stage<out S extends Schema.Codec<unknown, unknown>, out I extends Kinds, out O extends Kinds> {
  readonly name: string
  /** The module that exports the stage under the stage's name. */
  readonly module: string
  readonly params: S
  readonly inputs: I
  readonly outputs: O
  readonly random: boolean
  readonly resources: { readonly threads: number; readonly seconds: number; readonly memory?: string }
  /** Environment variables the body may read; their values enter the key. */
  readonly environment: ReadonlyArray<string>
  /**
   * The optional packages of the project that the body uses under these (encoded) params. If not declared: all optional
   * packages that the body imports.
   */
  readonly optionalPackages: ((params: unknown) => ReadonlyArray<string>) | undefined
  readonly load: () => Promise<{ readonly run: (given: never) => Effect.Effect<Values<O>, StageError> }>
}

/**
 * Declares a stage. The stage must be a module-level export of the same name. `run` must be a literal `import()` of the
 * module whose `run` is the body, or a function that gives the body: the fingerprint follows it, and a worker loads it.
 */
export const stage = <S extends Schema.Codec<unknown, unknown>, I extends Kinds, O extends Kinds>(
  meta: { readonly url: string },
  name: string,
  declaration: {
    /** A schema of plain data. */
    readonly params: S
    readonly inputs: I
    readonly outputs: O
    /** Whether the body needs a seed. If it does, the seed enters the key. */
    readonly random?: boolean
    /**
     * `threads` is the number of threads that the body uses; it is in the key. A node that takes more than `seconds` or
     * `memory` ("1 GB") is stopped.
     */
    readonly resources?: { readonly threads?: number; readonly seconds?: number; readonly memory?: string }
    readonly environment?: ReadonlyArray<string>
    readonly optionalPackages?: (params: S["Encoded"]) => ReadonlyArray<string>
    readonly run: () => Promise<{
      readonly run: (given: Given<S["Type"], Values<I>>) => Effect.Effect<Values<O>, StageError>
    }>
  },
): Stage<S, I, O> =>
  Object.freeze({
    name,
    // A getter that only the engine reads, so that a stage does not learn the place of its file.
    get module() {
      return meta.url
    },
    params: declaration.params,
    inputs: declaration.inputs,
    outputs: declaration.outputs,
    random: declaration.random ?? false,
    resources: { threads: 1, seconds: Infinity, ...declaration.resources },
    environment: declaration.environment ?? [],
    optionalPackages: declaration.optionalPackages as ((params: unknown) => ReadonlyArray<string>) | undefined,
    load: declaration.run,
  })
