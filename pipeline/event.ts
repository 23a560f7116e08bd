// The closed union of all events of a run. Data only: the sentences are in `printer/message.ts`, and a layer chooses
// the listener (terminal, JSON lines, a test). Knows nothing about how an event is shown.
import { Context, Effect, Layer } from "effect"
import type { Key } from "../cache/digest.ts"
import type { OutputDiffers } from "./artifact/agree.ts"
import type { CheckCounts, Judged } from "./check.ts"
import type { NodeError } from "./error.ts"
import type { Reason } from "./key/reason.ts"

/** A file that was in the place of a page's file (`path`), and its new place (`as`). */
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
  /** The nodes done that gave other bytes than a lost result, which they replaced. */
  readonly replaced?: number
}

/** The results of verifying nodes. */
export interface VerifyCounts {
  readonly same: number
  readonly differs: number
  readonly failed: number
  /** Nodes whose inputs are gone. */
  readonly unverifiable: number
  readonly skipped: number
  /** Nodes that are made but not in the sample. */
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
  /**
   * A failure that may pass. The node is tried again after `delay` seconds: attempt number `attempt` of at most `of`.
   */
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
      /** The node over a list to which this piece belongs. */ readonly within?: string
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
  /** The node gave other bytes than the first time. The first bytes stay. */
  | { readonly _tag: "ResultDiffers"; readonly node: string; readonly outputs: ReadonlyArray<string> }
  /** The node gave other bytes than before. The bytes from before are lost, and the new bytes take their place. */
  | { readonly _tag: "ResultReplaced"; readonly node: string; readonly outputs: ReadonlyArray<string> }
  /**
   * The node was done in this run, but is stepped again, because the node `because` replaced one of its inputs or
   * outputs.
   */
  | { readonly _tag: "NodeReopened"; readonly node: string; readonly because: string }
  /** The node ran again without replacing its stored outputs. `differs` lists the outputs that came out differently. */
  | {
      readonly _tag: "NodeVerified"
      readonly node: string
      readonly stage: string
      readonly differs: ReadonlyArray<OutputDiffers>
      readonly seconds: number
    }
  /** The node cannot run again, because the input that it takes from the node `gone` is gone. */
  | { readonly _tag: "NodeUnverifiable"; readonly node: string; readonly stage: string; readonly gone: string }
  | { readonly _tag: "VerifyDone"; readonly counts: VerifyCounts; readonly seconds: number }
  | { readonly _tag: "Draining" }
  | { readonly _tag: "CheckJudged"; readonly judged: Judged }
  | {
      readonly _tag: "PageWritten"
      readonly path: string
      readonly changed: boolean
      /** Files that were in the place of the page's files, and are kept under other names. */
      readonly kept?: ReadonlyArray<Kept>
    }
  /** No page was drawn: the last page stays, or no page could be written. */
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
  /** A layer that calls a plain function for every event. */
  static readonly layer = (listen: (event: Event) => void): Layer.Layer<Events> =>
    Layer.succeed(Events, { tell: (event) => Effect.sync(() => listen(event)) })
}
