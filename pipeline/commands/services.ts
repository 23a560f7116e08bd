// What the composition root gives to the commands: live layers, and a way to report exit codes. A command's own code is
// loaded only when it is called, so that each command starts fast. Knows nothing about how the layers are built.
import { Effect, type Layer } from "effect"
import type { Completions } from "effect/cli"
import type { Journal } from "../../cache/journal.ts"
import type { CacheError, Store } from "../../cache/store.ts"
import type { ExitCode, SpecError } from "../error.ts"
import type { Events } from "../event.ts"
import type { Executor } from "../executor/executor.ts"
import type { ExecutorName } from "../executor/executors.ts"

/** Where and how nodes run. */
export interface EngineOptions {
  readonly store: string
  readonly executor: ExecutorName
  readonly jobs: number
  /** The memory limit for a node whose stage declares none, such as 2GB; 0B or nothing for no limit. */
  readonly memory?: string
  /** How often a temporary failure is tried again; 0 by default. */
  readonly retries?: number
  /** Whether the store must survive a power cut. */
  readonly durable: boolean
  /** Whether events are printed as JSON lines; false by default. */
  readonly json?: boolean
}

/** Why a store is opened. */
interface Opening {
  readonly durable?: boolean
  /** Only to look: the store may then be read-only. */
  readonly looking?: boolean
}

/** Options for looking at a store, which may be read-only. */
export const readOnly: Opening = { looking: true }

export interface Services {
  /** Runs a command and keeps its exit code. */
  readonly withExitCode: <E, R>(command: Effect.Effect<ExitCode, E, R>) => Effect.Effect<void, E, R>
  /** The same for a command that runs nodes. It gets the store and the executor; the events of nodes are printed. */
  readonly withEngine: <E, R>(
    options: EngineOptions,
    command: Effect.Effect<ExitCode, E, R>,
  ) => Effect.Effect<void, E | CacheError, Exclude<R, Store | Journal | Executor | Events>>
  readonly store: (directory: string, options?: Opening) => Layer.Layer<Store | Journal, CacheError>
  /** The same, if the store already exists: a look does not make a store, and fails if there is none. */
  readonly existing: (directory: string, options?: Opening) => Layer.Layer<Store | Journal, CacheError | SpecError>
  /**
   * Receives a function that ends the run gently, as soon as this is possible. The first Ctrl-C calls this function.
   */
  readonly onDrain: (drain: () => void) => void
  /** All commands, with their flags and arguments. */
  readonly tree: () => Completions.CommandDescriptor
}

/** Loads the module of a command now, and runs the command. */
export const lazily = <M, A, E, R>(
  load: () => Promise<M>,
  command: (module: M) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> => Effect.flatMap(Effect.promise(load), command)
