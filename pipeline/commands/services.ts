// What the composition root lends to the commands: live layers, and the ear for their exit codes. A command's
// own code is loaded when it is asked for, so that each starts as fast as it can.
import { Effect, type Layer } from "effect"
import type { Completions } from "effect/cli"
import type { Journal } from "../../cache/journal.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import type { ExitCode, SpecError } from "../error.ts"
import type { Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import type { ExecutorName } from "../executor/executors.ts"
import type { Printer } from "../printer/printer.ts"

/** Where and how nodes run. */
interface EngineOptions {
  readonly store: string
  readonly executor: ExecutorName
  readonly jobs: number
  /** What a node may hold whose stage declares nothing, such as 2GB; 0B, and unless told, for any amount. */
  readonly memory?: string
  /** How often trouble that may pass is tried again; never unless told. */
  readonly retries?: number
  /** Whether the store has to outlive a power cut. */
  readonly durable: boolean
}

/** For what a store is opened. */
interface Opening {
  readonly durable?: boolean
  /** Only to look: then it need not be writable. */
  readonly looking?: boolean
}

/** To look at a store, which need not be writable. */
export const readOnly: Opening = { looking: true }

export interface Services {
  /** Runs a command and keeps its exit code. */
  readonly ending: <E, R>(command: Effect.Effect<ExitCode, E, R>) => Effect.Effect<void, E, R>
  readonly store: (directory: string, options?: Opening) => Layer.Layer<Store | Journal, CacheError>
  /** The same where it is there already: to look makes no store, and finds nothing wrong with none. */
  readonly existing: (directory: string, options?: Opening) => Layer.Layer<Store | Journal, CacheError | SpecError>
  /** The store, where stages run, and who hears of it. */
  readonly engine: (
    options: EngineOptions,
    printer: Printer,
  ) => Layer.Layer<Store | Journal | Executor | Events, CacheError>
  readonly printer: (options: { readonly json: boolean; readonly jobs: number }) => Printer
  /** Told how to end gently, as soon as that can be done: what the first Ctrl-C does. */
  readonly onDrain: (drain: () => void) => void
  /** All commands, with their flags and arguments. */
  readonly tree: () => Completions.CommandDescriptor
}

/** A command whose module is loaded now. */
export const lazily = <M, A, E, R>(
  load: () => Promise<M>,
  command: (module: M) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> => Effect.flatMap(Effect.promise(load), command)
