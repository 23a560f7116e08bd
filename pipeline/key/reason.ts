// Why does a node have to run? A closed union; made in step.ts where the decision is made, told in message/run.ts.
import type { Difference } from "./key.ts"

export type Reason =
  | { readonly _tag: "FirstRun" }
  /** Against the last run of a node of this name. */
  | { readonly _tag: "Changed"; readonly differences: ReadonlyArray<Difference> }
  /** It was done, but these outputs are gone or damaged. */
  | { readonly _tag: "Lost"; readonly outputs: ReadonlyArray<string> }
  /** It is a hit, and a person wants it run. */
  | { readonly _tag: "Forced" }
