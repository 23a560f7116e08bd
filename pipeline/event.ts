// What happened: the closed union of everything a run tells. Data only; the sentences are in message/, and
// who listens (terminal, JSON lines, a test) is chosen by a layer.
import { Context, Effect, Layer } from "effect"
import type { Key } from "../cache/digest.ts"
import type { OutputDiffers } from "./artifact/agree.ts"
import type { CheckCounts, Judged } from "./check.ts"
import type { NodeError } from "./error.ts"
import type { Reason } from "./key/reason.ts"

/** A file that stood where the page has one, and where the file is now. */
export interface Kept {
  readonly path: string
  readonly as: string
}

export interface Counts {
  readonly hit: number
  readonly joined: number
  readonly run: number
  readonly failed: number
  readonly skipped: number
  /** Of those that are done: in place of results that were lost, and came out otherwise. */
  readonly replaced?: number
}

/** What became of the nodes that were to be verified. */
export interface VerifyCounts {
  readonly same: number
  readonly differs: number
  readonly failed: number
  /** Their inputs are gone. */
  readonly unverifiable: number
  readonly skipped: number
  /** Made, and no part of the sample. */
  readonly unsampled: number
  readonly unmade: number
}

export type Event =
  | {
      readonly _tag: "RunStarted"
      readonly spec: string
      readonly nodes: number
      readonly expectedSeconds: ReadonlyMap<string, number>
    }
  | {
      readonly _tag: "NodeStarted"
      readonly node: string
      readonly stage: string
      readonly key: Key
      readonly reason: Reason
    }
  | { readonly _tag: "NodeWaiting"; readonly node: string; readonly stage: string; readonly key: Key }
  | { readonly _tag: "NodeProgress"; readonly node: string; readonly fraction: number }
  /** Trouble that may pass; it is tried again after `delay` seconds, the `attempt`th time of at most so many. */
  | {
      readonly _tag: "NodeRetried"
      readonly node: string
      readonly attempt: number
      readonly of: number
      readonly because: string
      readonly delay: number
    }
  | {
      readonly _tag: "NodeDone"
      readonly node: string
      readonly stage: string
      readonly key: Key | null
      readonly outcome: "hit" | "joined" | "run"
      readonly seconds: number
      /** The node over a list of which it is a piece. */ readonly within?: string
    }
  | {
      readonly _tag: "NodeFailed"
      readonly node: string
      readonly stage: string
      readonly error: NodeError
      readonly within?: string
    }
  | { readonly _tag: "NodeSkipped"; readonly node: string; readonly stage: string; readonly because: string | null }
  | { readonly _tag: "InputLost"; readonly node: string; readonly producer: string; readonly digest: string }
  /** It made other bytes than the first time, which stay. */
  | { readonly _tag: "ResultDiffers"; readonly node: string; readonly outputs: ReadonlyArray<string> }
  /** It made other bytes than before, which are lost: these take their place. */
  | { readonly _tag: "ResultReplaced"; readonly node: string; readonly outputs: ReadonlyArray<string> }
  /**
   * It was done in this run, and is looked at once more: the node that is named replaced what it takes, or what it
   * gave.
   */
  | { readonly _tag: "NodeReopened"; readonly node: string; readonly because: string }
  /** It ran again beside what is kept, and came out the same but for these. */
  | {
      readonly _tag: "NodeVerified"
      readonly node: string
      readonly stage: string
      readonly differs: ReadonlyArray<OutputDiffers>
      readonly seconds: number
    }
  /** It cannot run again: what it takes of the node that is named is gone. */
  | { readonly _tag: "NodeUnverifiable"; readonly node: string; readonly stage: string; readonly gone: string }
  | { readonly _tag: "VerifyDone"; readonly counts: VerifyCounts; readonly seconds: number }
  | { readonly _tag: "Draining" }
  | { readonly _tag: "CheckJudged"; readonly judged: Judged }
  | {
      readonly _tag: "PageWritten"
      readonly path: string
      readonly changed: boolean
      /** Files that stood where the page has some, and are kept under other names. */
      readonly kept?: ReadonlyArray<Kept>
    }
  /** Nothing was drawn: the last page stands, or none could be written. */
  | { readonly _tag: "PageKept"; readonly path: string; readonly because: string }
  | {
      readonly _tag: "RunDone"
      readonly counts: Counts
      readonly checks: CheckCounts
      readonly leftOut: number
      readonly seconds: number
    }

export class Events extends Context.Service<Events, { readonly tell: (event: Event) => Effect.Effect<void> }>()(
  "pipeline/Events",
) {
  /** Listens by a plain function. */
  static readonly layer = (listen: (event: Event) => void): Layer.Layer<Events> =>
    Layer.succeed(Events, { tell: (event) => Effect.sync(() => listen(event)) })
}
