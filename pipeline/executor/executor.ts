// Defines the port to the place where a stage runs. A job goes in, and the digests of its outputs come out. A job is
// plain data and names everything by digest, so it can go to another process or another machine. Knows nothing about
// any particular executor.
import { Context, type Effect } from "effect"
import type { Blob, CacheError, Stored } from "../../cache/store.ts"
import type { Data, Digest } from "../../cache/digest.ts"
import type { ExecutorError } from "../error.ts"
import type { InputDigests } from "../key/key.ts"
import type { StageError } from "../stage.ts"

export interface Job {
  /** For messages only. */
  readonly node: string
  readonly stage: { readonly name: string }
  /** The bundle that runs. The bundle is in the store. */
  readonly code: Digest
  /** The source map of the bundle, in the store. */
  readonly map: Digest
  /** The files of the packages that the job may load: the Manifest of code/packages.ts, in the store. */
  readonly packages: Digest
  /** The directory of the project, where the lookup of packages starts. */
  readonly root: string
  readonly params: Data
  readonly inputs: InputDigests
  readonly seed: number
  /** The environment variables that the stage declares; null if a variable is not set. */
  readonly environment: { readonly [name: string]: string | null }
  /** The job is stopped after this number of seconds; null for no limit. */
  readonly timeout: number | null
  /** The maximum number of bytes that the stage says it needs; null if the stage says nothing. */
  readonly memory: number | null
}

/** How a job ended, either well or by the stage's own error. The log is kept in both cases. */
export interface Ended {
  readonly result:
    | { readonly _tag: "Made"; readonly outputs: ReadonlyArray<Stored> }
    | { readonly _tag: "Failed"; readonly reason: StageError["reason"]; readonly message: string }
    /** The job was computed with something that its key does not describe, so nothing is recorded. */
    | { readonly _tag: "Changed"; readonly message: string }
  readonly log: Blob
  readonly seconds: number
  /** Bytes. */
  readonly peakMemory: number
  /** Whether the process of the job must not be used again. */
  readonly spoiled: boolean
}

export class Executor extends Context.Service<
  Executor,
  {
    /** Interrupting the effect stops the stage at once, even a stage that computes without pause. */
    readonly run: (job: Job, onProgress: (fraction: number) => void) => Effect.Effect<Ended, ExecutorError | CacheError>
  }
>()("pipeline/Executor") {}
