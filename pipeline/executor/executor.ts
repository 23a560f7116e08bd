// Where does a stage run? The port: a job goes in, the digests of what it made come out. A job is plain data
// and names everything by digest, so that it can cross to another process or another machine.
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
  /** The bundle that runs: it is in the store. */
  readonly code: Digest
  /** The way from its places back to the files, in the store. */
  readonly map: Digest
  /** What the packages are made of that it may load: code/packages.ts' Manifest, in the store. */
  readonly packages: Digest
  /** The directory of the project, from which packages are looked for. */
  readonly root: string
  readonly params: Data
  readonly inputs: InputDigests
  readonly seed: number
  /** The variables that the stage declares; null where one is not set. */
  readonly environment: { readonly [name: string]: string | null }
  /** After so many seconds the job is stopped; null for never. */
  readonly timeout: number | null
  /** Bytes that the stage says it needs at most; null where it says nothing. */
  readonly memory: number | null
}

/** How a job ended, be it well or by the stage's own error: the log is kept either way. */
export interface Ended {
  readonly result:
    | { readonly _tag: "Made"; readonly outputs: ReadonlyArray<Stored> }
    | { readonly _tag: "Failed"; readonly reason: StageError["reason"]; readonly message: string }
    /** What it is computed with is not what its key says: nothing is recorded. */
    | { readonly _tag: "Changed"; readonly message: string }
  readonly log: Blob
  readonly seconds: number
  /** Bytes. */
  readonly peakMemory: number
  /** Whether its process is not to be used again. */
  readonly spoiled: boolean
}

export class Executor extends Context.Service<
  Executor,
  {
    /** Interrupting it stops the stage at once, even one that computes without pause. */
    readonly run: (job: Job, onProgress: (fraction: number) => void) => Effect.Effect<Ended, ExecutorError | CacheError>
  }
>()("pipeline/Executor") {}
