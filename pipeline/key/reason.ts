// The reasons why a node has to run: a closed union. `run/step.ts` makes a reason, `key/message.ts` puts it into words.
// Knows nothing about the store.
import type { Difference } from "./key.ts"

export type Reason =
  | { readonly _tag: "FirstRun" }
  /** Compared with the last run of a node of this name. */
  | { readonly _tag: "Changed"; readonly differences: ReadonlyArray<Difference> }
  /** The node was done, but these outputs are gone or damaged. */
  | { readonly _tag: "Lost"; readonly outputs: ReadonlyArray<string> }
  /** The node is a hit, but the user wants to run it. */
  | { readonly _tag: "Forced" }
