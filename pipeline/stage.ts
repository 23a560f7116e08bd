// The words a stage is written in: Stage, the kinds of values it takes and gives, Progress, StageError.
// Refuses to know nodes, keys, stores and executors: every line here is in every stage's fingerprint.
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

/** A kind of artifact; its codec is in artifact.ts. A `Many` kind gathers: an input that takes a list of outputs. */
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
 * What a process may keep from one node to the next, for speed alone: what `make` gives under a name and a key. The key
 * says everything that the value is made of besides the code of the stage; a value under another key is never met.
 */
export const kept = <A>(name: string, key: string, make: () => A): A => {
  const { pipelineKept } = globalThis as { readonly pipelineKept?: (name: string, key: string, make: () => A) => A }
  return pipelineKept === undefined ? make() : pipelineKept(name, key, make)
}

/** How far a stage is, from 0 to 1; does nothing unless the engine listens. */
export const Progress = Context.Reference<(fraction: number) => void>("pipeline/Progress", {
  defaultValue: () => () => {},
})

/** Why a stage could not give its outputs. */
export class StageError extends Schema.TaggedError<StageError>()("StageError", {
  /** `Defect` is a bug in the body, caught by the worker. */
  reason: Schema.Literals(["InvalidInput", "Diverged", "Unsupported", "Defect"]),
  message: Schema.String,
  /** The digest of what the stage had logged; the engine's to fill in. */
  log: Schema.optionalKey(Schema.String),
}) {}

/** What a body gets: decoded params and inputs, and a seed (48 bits; 0 unless the stage is `random`). */
export interface Given<P, I> {
  readonly params: P
  readonly inputs: I
  readonly seed: number
}

export interface Stage<out S extends Schema.Codec<unknown, unknown>, out I extends Kinds, out O extends Kinds> {
  readonly name: string
  /** Where the stage is exported, under its own name. */
  readonly module: string
  readonly params: S
  readonly inputs: I
  readonly outputs: O
  readonly random: boolean
  readonly resources: { readonly threads: number; readonly seconds: number; readonly memory?: string }
  /** Environment variables the body may read; their values enter the key. */
  readonly environment: ReadonlyArray<string>
  /**
   * Packages the project can do without, that the body uses under these (encoded) params; if not declared, all it
   * imports.
   */
  readonly optionalPackages: ((params: unknown) => ReadonlyArray<string>) | undefined
  readonly load: () => Promise<{ readonly run: (given: never) => Effect.Effect<Values<O>, StageError> }>
}

/**
 * Declares a stage. It must be a module-level export of the same name, and `run` a literal `import()` of the
 * module whose `run` is its body, or a thunk that gives the body: the fingerprint follows it, a worker loads it.
 */
export const stage = <S extends Schema.Codec<unknown, unknown>, I extends Kinds, O extends Kinds>(
  meta: { readonly url: string },
  name: string,
  declaration: {
    /** Data only. */
    readonly params: S
    readonly inputs: I
    readonly outputs: O
    /** Whether the body needs a seed; then the seed enters the key. */
    readonly random?: boolean
    /**
     * Threads the body uses (they enter the key when not 1), and the time and the memory ("1 GB") above which it is
     * stopped.
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
    // Asked by the engine alone: a stage does not learn where it lies.
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
